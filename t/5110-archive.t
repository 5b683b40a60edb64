#!/bin/sh
# A year of real mail: all of it is taken and listed, and six of its weeks come
# out complete.
. "${srcdir:-.}/t/lib.sh"

corpus=${KVDIGEST_CORPUS:-}/mail/kvmarm-2021.mbox.xz
[ -f "$corpus" ] || skip_all 'KVDIGEST_CORPUS has no archive of 2021'
command -v xz >/dev/null || skip_all 'no xz'

new_store
sed -i 's/kvmarm.lists.example.org/kvmarm.lists.cs.columbia.edu/' kvdigest.yaml
xz -dc "$corpus" >box
kvdigest-ingest --mbox box >out
echo '7088 new, 0 known, 0 refused' >want
is '7,088 mails are taken' want out
kvdigest-thread --dump >dump
ok 'all are listed' test "$(wc -l <dump)" -eq 7088
ok 'each once' test "$(cut -f 1 dump | sort -u | wc -l)" -eq 7088

# When each mail arrived, read independently: the top Received field's date.
perl -MTime::Local -ne '
	our (%month, $header, $id, $date);
	BEGIN { my $n = 0; $month{$_} = $n++ for
	    qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec) }
	sub out { print "$date\n" if defined $date; undef $date }
	if (/^From mboxrd/) { out(); $header = 1; $fold = ""; next }
	next unless $header;
	if (/^$/) { $header = 0; next }
	if (/^[ \t]/) { $fold .= $_ } else { $fold = $_ }
	if (!defined $date && $fold =~ /^Received:.*;\s*(?:\w+,)?\s*(\d+) (\w+) (\d+) (\d+):(\d+):(\d+) ([+-])(\d\d)(\d\d)/s) {
		my $sign = $7 eq "-" ? 1 : -1;
		$date = timegm($6, $5, $4, $1, $month{$2}, $3)
		    + $sign * ($8 * 3600 + $9 * 60);
	}
	END { out() }' box >arrivals
ok 'every mail says when it arrived' test "$(wc -l <arrivals)" -eq 7088

for week in 2021-W02 2021-W10 2021-W19 2021-W27 2021-W38 2021-W50; do
	status "$week" 0 kvdigest-report --week $week --format json \
	    -o digest.json
	ok 'without a word' test ! -s err
	perl "$srcdir/t/digest.pl" <digest.json >facts
	hasnt 'every mail in one topic, sums right, all decoded' \
	    '^(sums|twice|in two|undecoded|unfolded)' facts
	since=$(sed -n 's/^    "since": "\(.*\)",*/\1/p' digest.json)
	since=$(date -d "$since" +%s)
	wanted=$(awk -v s="$since" \
	    '$1 >= s && $1 < s + 604800 { n++ } END { print n }' arrivals)
	ok "all $wanted mails that arrived in it" \
	    grep -qx "in_window $wanted" facts
	for format in md text html eml; do
		status "as $format" 0 kvdigest-report --week $week \
		    --format $format -o "digest.$format"
	done
	ok 'Markdown lists every mail' sh -c '
		test "$(grep -c "^ *[0-9]*\. [0-9-]* " digest.md)" -eq \
		    "$(sed -n "s/^mails //p" facts)"'
done
done_testing
