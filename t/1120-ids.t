#!/bin/sh
# A Message-ID is found whichever of its segments the store has it in, and
# counts once however many mails came after it.
. "${srcdir:-.}/t/lib.sh"

segment=65536
mails=$((2 * segment + 9000))

# box FIRST LAST [TEXT]: an mbox of tiny mails.
box()
{
	perl -e '
	my ($first, $last, $text) = @ARGV;
	print "From m@z Tue Mar  9 10:00:00 2021\nMessage-ID: <$_\@x>\n\n$text\n\n"
	    for $first .. $last' "$1" "$2" "${3:-text}"
}

# counts DESCRIPTION WANTED FILE: what an import says.
counts()
{
	status "$1: 0" 0 kvdigest-ingest --mbox "$3"
	echo "$2, 0 refused" >want
	is "$1: $2" want out
}

new_store
box 1 $mails >all
counts 'three segments' "$mails new, 0 known" all
counts 'all of them again' "0 new, $mails known" all

# The first and last of each segment, one by one and backwards.
for at in $mails $((2 * segment + 1)) $((2 * segment)) $((segment + 1)) \
    $segment 1; do
	box $at $at >one
	counts "mail $at" '0 new, 1 known' one
	sed '1d;$d' one >single
	status "mail $at, delivered: 0" 0 kvdigest-ingest <single
done
box $mails $((mails + 1)) >two
counts 'nothing was added' '1 new, 1 known' two

# A forged one lies in another segment than the first with its id.
for at in 5 $((segment + 5)); do
	box $at $at 'other text' >other
	box $at $at >first
	counts "mail $at with other bytes" '1 new, 0 known' other
	counts "mail $at, these again" '0 new, 1 known' other
	counts "mail $at, its own bytes" '0 new, 1 known' first
done

done_testing
