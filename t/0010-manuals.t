#!/bin/sh
# What the manuals say is so: every option stands in its page, and no other;
# the lists of facts and flags are the code's; the examples run; README is
# kvdigest(7), and the digest in it one that was made.
. "${srcdir:-.}/t/lib.sh"

man=$srcdir/man

# "-c --config=" for each option, "=" where it takes a value.
options_of_help()
{
	sed -n -e 's/^  \(-[A-Za-z]\), \(--[a-z-]*=\{0,1\}\).*/\1 \2/p' \
	    -e 's/^  \(--[a-z-]*=\{0,1\}\).*/\1/p' | sort
}

options_of_page()
{
	sed -n -e 's/ Ns = Ns Ar .*/=/' \
	    -e 's/^\.It Fl \([A-Za-z]\) , \(-.*\)/-\1 -\2/p' \
	    -e 's/^\.It Fl \(-.*\)/-\1/p' "$1" | sort
}

for program in kvdigest-ingest kvdigest-thread kvdigest-report parse-mail \
    summarise-facts summarise-llm trim-quotes condense-diff; do
	"$program" --help | options_of_help >want
	ok "$program --help lists options" test -s want
	options_of_page "$man/$program.1" >got
	is "$program(1) has all of them, and no other" want got
done

# words FROM TO FILE: what the .It lines between two lines list.
words()
{
	sed -n "/^$1\$/,/^$2\$/s/^\.It Cm //p" "$3" | sed 's/ , /\n/g' | sort
}

sed -n 's/^ *\[KD_FACT_[A-Z_]*\] = "\(..*\)",$/\1/p' "$srcdir/src/record.c" |
    sort >want
ok 'there are kinds of facts' test "$(wc -l <want)" -gt 10
words '.Ss Facts' '.Sh ENVIRONMENT' "$man/kvdigest-thread.1" >got
is 'kvdigest-thread(1) has all kinds of facts' want got

sed -n '/flag_names\[\] = {/,/};/p' "$srcdir/src/record.c" |
    grep -o '"[a-z-]*"' | tr -d '"' | sort >want
ok 'there are flags' test "$(wc -l <want)" -gt 10
words '.Ss Mails' '.Ss Threads' "$man/kvdigest.7" >got
is 'kvdigest(7) has all flags' want got

if ! command -v mandoc >/dev/null; then
	skip 'lint, README and examples' 'no mandoc'
	done_testing
fi

(cd "$man" && mandoc -Tlint -Wstyle ./*.[1-8]) >lint
is 'mandoc has nothing to say' /dev/null lint

"$man/render-readme" >readme
is 'README is kvdigest(7); else run make README' "$srcdir/README" readme
for page in "$man"/*.1; do
	printf '%s\n' NAME SYNOPSIS DESCRIPTION ENVIRONMENT FILES \
	    'EXIT STATUS' EXAMPLES DIAGNOSTICS 'SEE ALSO' STANDARDS CAVEATS \
	    'SECURITY CONSIDERATIONS' >want
	sed -n 's/^\.Sh //p' "$page" >got
	is "${page##*/} has the sections of a program" want got
done

# The examples, in the directory that they speak of.  The first mail of the
# sample is given alone before, so that numbers do not depend on it.
gzip <"$srcdir/t/data/sample.mbox" >kvmarm.mbox.gz
mkdir -p Maildir/cur Maildir/new
perl -ne '$n++ if /^From /; next if /^From / || $n > 1; s/^>(>*From )/$1/;
	push @m, $_; END { pop @m; print @m }' \
    <"$srcdir/t/data/sample.mbox" >mail
cp mail Maildir/new/1.example.org
if command -v git >/dev/null; then
	git init -q --bare kvmarm/git/0.git
	tree=$(printf '100644 blob %s\tm\n' \
	    "$(git -C kvmarm/git/0.git hash-object -w --stdin <mail)" |
	    git -C kvmarm/git/0.git mktree)
	git -C kvmarm/git/0.git -c user.name=x -c user.email=x@example.org \
	    commit-tree -m mail "$tree" >commit
	git -C kvmarm/git/0.git update-ref HEAD "$(cat commit)"
fi
new_store
rm -r store
cp "$srcdir/t/fake-sendmail" sendmail
echo "  sendmail: $T/sendmail" >>kvdigest.yaml
SOURCE_DATE_EPOCH=1615766400
export SOURCE_DATE_EPOCH

# examples PAGE: a file example.NN for each "$ " of its EXAMPLES, and the
# lines that go on below it.
examples()
{
	rm -f example.*
	LC_ALL=C.UTF-8 mandoc -Tutf8 -O width=200 "$man/$1" |
	    perl -CSD -pe 's/.\x08//g' |
	    awk '/^[A-Z]/ { here = /^EXAMPLES/; file = "" }
		/^ *$/ { file = "" }
		here && /^ *\$ / {
			file = sprintf("example.%02d", ++n)
			sub(/\$ /, "")
		}
		file { print >file }' -
	sed -i -e "s|/usr/libexec/kvdigest|$builddir/filters|" \
	    -e "s|/var/lib/kvdigest/store|$T/store|" example.*
}

for page in kvdigest-ingest.1 kvdigest-thread.1 kvdigest-report.1 \
    parse-mail.1 kvdigest-db.5 kvdigest-digest.5; do
	examples $page
	ok "$page has examples" test -s example.01
	for example in example.*; do
		line=$(sed -n '1s/^ *//p' "$example")
		for tool in git jq mdb_copy mdb_stat; do
			case $(cat "$example") in
			*"$tool "*) command -v $tool >/dev/null && continue
				skip "$page: $line" "no $tool"
				continue 2 ;;
			esac
		done
		status "$page: $line" 0 sh -e "$example"
		is 'and nothing on standard error' /dev/null err
	done
done

kvdigest-report -n --week 2021-W10 >digest
sed -n '/^\.Bd -literal$/,/^\.Ed$/{/^\./d;/./p;}
	/^\.Ed$/q' "$man/kvdigest.7" >piece
ok 'kvdigest(7) shows a piece of a digest' test "$(wc -l <piece)" -gt 10
grep -vxF -f digest piece >invented
is 'which the sample really has' /dev/null invented

done_testing
