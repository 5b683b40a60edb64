#!/bin/sh
# A parser that dies, lies or says too much costs the mail it was about, and
# nothing else.
. "${srcdir:-.}/t/lib.sh"

# Stand-ins for parse-mail that pass each frame to the real one, but for what
# MODE says; they count frames from 1, the client's probe included.
real=$builddir/filters
mkdir filters
cat >filters/parse-mail <<EOF
#!/usr/bin/perl
use strict; use warnings; use IPC::Open2;
binmode STDIN; binmode STDOUT; \$| = 1;
open my \$f, '<', '$T/mode' or die; chomp(my \$mode = <\$f>); close \$f;
exit 1 if \$mode eq 'broken' || \$mode eq 'worn' && -e '$T/worn';
my (\$last, \$held, \$n) = ('', '', 0);
\$SIG{ALRM} = sub { print \$held; \$held = '' };
while (read(STDIN, my \$head, 16) == 16) {
	my (\$length) = unpack 'N', \$head;
	my \$large = \$length > 300000;
	if (\$large && \$mode eq 'early') {
		open my \$known, '<', '$T/answer' or die;
		print <\$known>;
	}
	read(STDIN, my \$mail, \$length) == \$length or die;
	my \$pid = open2(my \$out, my \$in, '$real/parse-mail', '--batch');
	binmode \$_ for \$in, \$out;
	print \$in \$head, \$mail; close \$in;
	my \$answer = do { local \$/; <\$out> };
	waitpid \$pid, 0;
	if (\$large && \$mode eq 'whole') {
		open my \$known, '>', '$T/answer' or die;
		print \$known \$answer;
		close \$known;
	}
	next if \$large && \$mode eq 'early';
	my \$bad = \$mail =~ /Subject: bad/;
	kill KILL => \$\$ if \$bad && \$mode =~ /dies|holds/;
	if (\$mode eq 'holds') {
		\$held .= \$answer;
		alarm 1;
		next;
	}
	if (\$bad && \$mode eq 'worn') {
		open my \$worn, '>', '$T/worn' or die;
		exit 1;
	}
	print 'garbage' x 100 if \$bad && \$mode eq 'garbage';
	print pack('N', 1 << 30) if \$bad && \$mode eq 'huge';
	print \$bad && \$mode eq 'lies' ? \$last : \$answer;
	print \$answer if \$mode eq 'twice';
	\$last = \$answer;
}
EOF
chmod +x filters/parse-mail
KVDIGEST_EXEC_PATH=$T/filters

new_store
mail one@example.org 'Subject: good' </dev/null | kvdigest-ingest
mail two@example.org 'Subject: bad' 'In-Reply-To: <one@example.org>' \
    </dev/null | kvdigest-ingest
mail three@example.org 'Subject: good again' </dev/null | kvdigest-ingest
cat >want <<'EOF'
one@example.org	thread:1	topic:1
two@example.org	thread:1	topic:1
three@example.org	thread:3	topic:3
EOF

# What holds answers back takes those of others along.
for mode in dies garbage huge lies holds; do
	echo $mode >mode
	status "$mode: the others are grouped" 0 kvdigest-thread --rebuild
	kvdigest-thread --dump >got
	is 'and so is it, by its header' want got
	kvdigest-thread --show three@example.org >got
	has 'what follows it is parsed' 'good again' got
	kvdigest-thread --show two@example.org >got
	hasnt 'it is not' 'bad' got
done

# One frame too many follows the last answer, too.
echo twice >mode
status 'twice: no harm' 0 kvdigest-thread --rebuild
kvdigest-thread --dump >got
is 'all are grouped' want got

# One that breaks for good on the way would have every later mail unparsed.
echo worn >mode
status 'worn: 78' 78 kvdigest-thread --rebuild
has 'says how to look' 'parse-mail: does not answer; run it by hand' err
echo whole >mode
kvdigest-thread
kvdigest-thread --show two@example.org >got
has 'nothing was kept of its failures' 'bad' got

echo broken >mode
status 'broken: 78' 78 kvdigest-thread --rebuild
has 'says how to look' 'parse-mail: does not answer; run it by hand' err
echo whole >mode
KVDIGEST_EXEC_PATH=$real kvdigest-thread --dump >got
is 'what was grouped is still there' want got
status 'mended: all is well' 0 kvdigest-thread
kvdigest-thread --show two@example.org >got
has 'nothing was lost' 'bad' got

# One that answers before it has the whole mail: the next are not cut short.
head -c 400000 /dev/zero | tr '\0' a | fold >body
mail four@example.org 'Subject: large' <body | kvdigest-ingest
mail five@example.org 'Subject: small' </dev/null | kvdigest-ingest
kvdigest-thread
echo early >mode
status 'early: the others are grouped' 0 kvdigest-thread --rebuild
kvdigest-thread --show five@example.org >got
has 'what follows it is parsed' 'small' got
kvdigest-thread --show four@example.org >got
hasnt 'it is not' 'large' got
done_testing
