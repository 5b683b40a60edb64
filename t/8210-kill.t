#!/bin/sh
# kvdigest-ingest killed at any system call, and any of them failing: nothing
# that was acknowledged is lost, and one more attempt stores the mail once.
. "${srcdir:-.}/t/lib.sh"

command -v strace >/dev/null || skip_all 'there is no strace'
strace -qq -o /dev/null true 2>/dev/null || skip_all 'strace cannot trace here'

new_store
mail base@example.org </dev/null >base
kvdigest-ingest <base
cp -r store pristine
perl -e 'print "x" x 70, "\n" for 1 .. 300' | mail one@example.org >one

# The calls of one delivery, "NAME NUMBER", NUMBER counting those of a name;
# a "*" before those of our own code: what follows the loader's last mprotect
# of a library, in front of the first call that libc's start-up does not make.
strace -qq -o trace kvdigest-ingest <one
perl -ne '
	/^(\w+)\(/ or next;
	my $name = $1;
	next if $name eq "execve" || $name eq "exit_group";
	$ours = 1 if /"\/dev\/null"/;
	print $ours ? "* " : "- ", "$name ", ++$n{$name}, "\n";
' trace >calls
grep '^\*' calls >ours
ok 'there are calls to try' test "$(wc -l <ours)" -gt 40

# pick FILE COUNT: all lines of it, or as many, spread over all of it.
pick()
{
	if [ "${KVDIGEST_LONG:-}" ]; then
		cat "$1"
	else
		awk -v n="$2" -v all="$(wc -l <"$1")" \
		    'int(NR * n / all) > int((NR - 1) * n / all)' "$1"
	fi
}

# try INJECTION: one delivery with it, then one without.  What went wrong is
# told on standard output.
try()
{
	rm -rf store
	cp -r pristine store
	strace -qq -o /dev/null -e trace="${1%%:*}" -e inject="$1" \
	    kvdigest-ingest <one >out 2>err
	first=$?
	echo $first >>exits
	case $first in
	0)
		kvdigest-thread --raw one@example.org 2>/dev/null |
		    cmp -s - one || echo "$1: exit 0, and no mail"
		;;
	75 | "$2") ;;
	*) echo "$1: exit $first" ;;
	esac
	if [ $first -eq 75 ] && ! grep -q '^4\.3\.0 kvdigest-ingest: ' err; then
		echo "$1: exit 75 with: $(head -c 200 err)"
	fi
	kvdigest-ingest <one >out 2>err || echo "$1: second attempt: exit $?"
	kvdigest-thread --raw one@example.org 2>&1 | cmp -s - one ||
	    echo "$1: second attempt: not the mail's bytes"
	kvdigest-thread --raw base@example.org 2>&1 | cmp -s - base ||
	    echo "$1: the mail before it is gone"
	kvdigest-thread --dump >dump 2>&1
	[ "$(wc -l <dump)" -eq 2 ] || echo "$1: $(wc -l <dump) mails"
}

pick calls 40 | while read -r _ name n; do
	try "$name:signal=KILL:when=$n" 137
done >wrong
ok 'each of them was the end' grep -q 137 exits
is 'SIGKILL at a system call' /dev/null wrong

# Of the loader's own calls none can be ours to answer; they are why the
# shipped hooks end in "|| exit 75".
for errno in EIO ENOSPC ENOMEM EACCES EMFILE EINTR; do
	pick ours 12 | while read -r _ name n; do
		try "$name:error=$errno:when=$n" 75
	done >wrong
	is "$errno from a system call" /dev/null wrong
done
sort exits | uniq -c | sed 's/^/# exits: /'
ok 'some failures are failures' grep -qx 75 exits
ok 'some are none' grep -qx 0 exits
done_testing
