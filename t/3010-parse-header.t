#!/bin/sh
# parse-mail: what a header says, in any charset and however broken.  The
# first field of a name counts; nothing that comes out can end a line.
. "${srcdir:-.}/t/lib.sh"

# subject DESCRIPTION EXPECTED VALUE: VALUE goes through printf.
subject()
{
	# shellcheck disable=SC2059 # octal bytes
	{
		printf "Subject: $3\n\nbody\n"
	} >one
	says "$1" "subject=$2" 'text=body\n' <one
}

subject 'plain' 'a plain one' 'a plain one'
subject 'folded' 'one two three' 'one\n two\n\tthree'
subject 'folded with CR LF' 'one two' 'one\r\n two'
subject 'white space at its ends and in runs' 'a b' '  a \t  b  '
subject 'encoded, B' '中文 x' '=?utf-8?b?5Lit5paHIHg=?='
subject 'encoded, Q' 'Größe = 1_0' '=?UTF-8?Q?Gr=C3=B6=C3=9Fe_=3D_1=5F0?='
subject 'with a language' 'b' '=?utf-8*en?q?b?='
subject 'words are joined without the space between' '中文' \
    '=?utf-8?b?5Lit?=\n =?utf-8?b?5paH?='
subject 'but not with what is no word' '中 a 文' \
    '=?utf-8?b?5Lit?= a =?utf-8?b?5paH?='
subject 'a character split between padded words' '中' \
    '=?utf-8?b?5Lg=?= =?utf-8?b?rQ==?='
subject 'between words, its base64 unpadded' '中 ab' \
    '=?utf-8?b?5LitI?= =?utf-8?b?GFi?='
subject 'between Q words' '中' '=?utf-8?q?=E4=B8?= =?utf-8?q?=AD?='
subject 'between a B and a Q word' '梅 a' \
    '=?gb2312?b?w7c=?= =?gb2312?q?=20?= =?utf-8?q?a?='
subject 'words of several charsets' 'ü中a' \
    '=?iso-8859-1?q?=FC?= =?utf-8?b?5Lit?= =?us-ascii?q?a?='
subject 'gb2312 declared, GB18030 sent' '镕行卖' '=?gb2312?b?6UbQ0ML0?='
subject 'utf-8 declared, GB18030 sent' '中文' '=?utf-8?b?1tDOxA==?='
subject 'us-ascii declared, Latin-1 sent' 'Müll' '=?us-ascii?q?M=FCll?='
subject 'iso-8859-1 is windows-1252' 'a€' '=?iso-8859-1?q?a=80?='
subject 'an unknown charset' '中' '=?x-klingon?b?5Lit?='
subject 'an unknown encoding is left' '=?utf-8?x?a?=' '=?utf-8?x?a?='
subject 'an unterminated word is left' '=?utf-8?b?5Lit' '=?utf-8?b?5Lit'
subject 'spaces in a word, as some write' 'a b c' '=?utf-8?q?a b?= c'
subject 'bad hexadecimal' 'bad=ZZ' '=?utf-8?q?bad=ZZ?='
subject 'an empty word' 'a b' 'a =?utf-8?q??= b'
subject 'raw UTF-8' '中文 Größe' '中文 Größe'
subject 'raw GB18030' '补丁 说明' '\262\271\266\241 \313\265\303\367'
subject 'raw Latin-1' 'Größe für Jürgen' 'Gr\366\337e f\374r J\374rgen'
subject 'raw UTF-8 with a broken byte' '中文�字' '中文\377字'
subject 'CR LF in a word' 'hi Bcc: a@example.org x' \
    '=?utf-8?q?hi=0D=0ABcc=3A_a=40example.org=0D=0A=0D=0Ax?='
subject 'ESC, BEL and DEL in a word' 'a[31mb' '=?utf-8?q?a=1b[31m=07=7fb?='
subject 'a bare CR' 'a X: y' 'a\rX: y'
subject 'NUL' 'he llo' 'he\000llo'
subject 'bidi and zero-width characters' 'ab' \
    '=?utf-8?b?4oCuYeKAi2LigKzvu78=?='
subject 'a tower of marks' 'Z̀́̂̃x' 'Z̀́̂̃̀́̂̃̀́̂̃x'
subject 'line and paragraph separators' 'a b c' '=?utf-8?b?YeKAqGLigKlj?='
subject 'what printf would take' '%n%s%99999d' '%%n%%s%%99999d'
says 'none' 'subject=' <<'EOF'
From: ann@example.org

EOF

says 'the first of two fields counts, further ids are aliases' \
    'subject=first' 'author.address=ann@example.org' 'id=one@example.org' \
    'aliases=two@example.org' <<'EOF'
Subject: first
Subject: second
From: Ann <ann@example.org>
From: Ben <ben@example.org>
Message-ID: <one@example.org>
Message-ID: <two@example.org>

EOF
says 'names of fields in any case, white space before the colon' \
    'subject=s' 'author.address=ann@example.org' 'id=one@example.org' <<'EOF'
SUBJECT: s
from : ann@example.org
message-id	: <one@example.org>

EOF

# author DESCRIPTION NAME ADDRESS FIELD...
author()
{
	what_of=$1 name=$2 address=$3
	shift 3
	# shellcheck disable=SC2059 # octal bytes
	{
		for f; do
			printf "$f\n"
		done
		printf 'Subject: s\n\n'
	} >one
	says "$what_of" "author.name=$name" "author.address=$address" \
	    'subject=s' <one
}

author 'a name and an address, in lower case' 'Ann Lee' ann@example.org \
    'From: Ann Lee <Ann@Example.ORG>'
author 'an address' '' ann@example.org 'From: ann@example.org'
author 'a comment for a name' 'Ann Lee' ann@example.org \
    'From: ann@example.org (Ann Lee)'
author 'a quoted comma' 'Lee, Ann' ann@example.org \
    'From: "Lee, Ann" <ann@example.org>'
author 'an encoded comma' 'Lee, Ann' ann@example.org \
    'From: =?utf-8?q?Lee=2C_Ann?= <ann@example.org>'
author 'an encoded address in a name' 'Eve <ann@example.org>' \
    eve@example.org 'From: =?utf-8?q?Eve_=3Cann=40example.org=3E?= <eve@example.org>'
author 'an address for a name' 'ann@example.org' eve@example.org \
    'From: "ann@example.org" <eve@example.org>'
author 'words in quotes' 'Jürgen' j@example.org \
    'From: "=?utf-8?q?J=C3=BCrgen?=" <j@example.org>'
author 'split words' '中' z@example.org \
    'From: =?utf-8?b?5Lg=?=\n =?utf-8?b?rQ==?= <z@example.org>'
author 'raw UTF-8' '张三' z@example.org 'From: 张三 <z@example.org>'
author 'raw GB18030' '张三' z@example.org \
    'From: \325\305\310\375 <z@example.org>'
author 'raw Latin-1' 'Jürgen' j@example.org \
    'From: J\374rgen <j@example.org>'
author 'a bidi override' 'nnA' eve@example.org \
    'From: =?utf-8?b?4oCubm5B4oCs?= <eve@example.org>'
author 'CR LF in a word' 'x Bcc: v@example.org' a@example.org \
    'From: =?utf-8?q?x=0D=0ABcc=3A_v=40example.org?= <a@example.org>'
author 'the first of several' 'Ann' ann@example.org \
    'From: Ann <ann@example.org>, Ben <ben@example.org>'
author 'the first of a group' 'Ann' ann@example.org \
    'From: Team: Ann <ann@example.org>, Ben <ben@example.org>;'
author 'behind an empty group' 'Ann' ann@example.org \
    'From: undisclosed-recipients:;, Ann <ann@example.org>'
author 'only an empty group' 'undisclosed-recipients:;' '' \
    'From: undisclosed-recipients:;'
says 'which is malformed' 'flags~malformed' <one
author 'no address' 'Ann Lee' '' 'From: Ann Lee'
author 'no From at all' '' '' 'To: ben@example.org'
author 'shell and printf in a name' '$(id)`id`;|%n' a@example.org \
    'From: "$(id)`id`;|%%n" <a@example.org>'
author 'From munged by a list: X-Original-From' 'Ann Lee' ann@example.org \
    'From: Ann via kvmarm <kvmarm@lists.example.org>' \
    'X-Original-From: Ann Lee <ann@example.org>' \
    'Reply-To: Ben <ben@example.org>'
author 'or Reply-To' 'Ann' ann@example.org \
    'From: "Ann via kvmarm" <kvmarm@lists.example.org>' \
    'Reply-To: ann@example.org'
author 'or Cc, by the name' 'Ann' ann@example.org \
    'From: Ann via kvmarm <kvmarm@lists.example.org>' \
    'Reply-To: kvmarm@lists.example.org' \
    'Cc: Ben <ben@example.org>, Ann <ann@example.org>'
author 'else it is what the list says' 'Ann' kvmarm@lists.example.org \
    'From: Ann via kvmarm <kvmarm@lists.example.org>' \
    'Cc: Ben <ben@example.org>'
author 'a From that is not munged stays' 'Ann' ann@example.org \
    'From: Ann <ann@example.org>' 'Reply-To: Ben <ben@example.org>'
author 'and a sender who is not the author' 'Ann' ann@example.org \
    'Sender: root@example.org' 'Resent-From: eve@example.org' \
    'Return-Path: <>' 'From: Ann <ann@example.org>'
author 'a bare CR hides no field' 'a X: y' a@example.org \
    'From: "a\rX: y" <a@example.org>'
author 'nor does it make one' 'a Subject: smuggled' '' \
    'From: a\rSubject: smuggled'
author 'a robot' 'kernel test robot' lkp@intel.com \
    'From: kernel test robot <lkp@intel.com>'
says 'is flagged' 'flags~robot' <one

# refs DESCRIPTION PARENT REFS FIELD...
refs()
{
	what_of=$1 parent=$2 want_refs=$3
	shift 3
	{
		printf 'Message-ID: <me@x.org>\nFrom: Ann <ann@x.org>\n'
		printf 'To: ben@x.org\nCc: Cid <cid@x.org>\n'
		printf '%s\n' "$@" ''
	} >one
	says "$what_of" "parent=$parent" "refs=$want_refs" <one
}

refs 'In-Reply-To alone' a@x a@x 'In-Reply-To: <a@x>'
refs 'References alone: the last is the parent' b@x 'a@x b@x' \
    'References: <a@x> <b@x>'
refs 'In-Reply-To goes before' a@x 'a@x b@x' 'References: <a@x> <b@x>' \
    'In-Reply-To: <a@x>'
refs 'but not when it names two' b@x 'a@x b@x c@x' \
    'References: <a@x> <b@x>' 'In-Reply-To: <a@x> <c@x>'
refs 'two and no References: the first' a@x 'a@x c@x' 'In-Reply-To: <a@x> <c@x>'
refs 'several fields of each' c@x 'a@x b@x c@x' 'References: <a@x>' \
    'References: <b@x>' 'In-Reply-To: <c@x>'
refs 'the own id' '' '' 'References: <me@x.org>' 'In-Reply-To: <me@x.org>'
refs 'addresses of the header' a@x a@x 'References: <a@x>' \
    'In-Reply-To: Your message of "Mon, 8 Mar" <ben@x.org>'
refs 'the author and copies, in any case' '' '' \
    'In-Reply-To: <Ann@X.org> <cid@x.org>'
refs 'one character' '' '' 'In-Reply-To: <y>' 'References: <n>'
refs 'white space between words' '' '' 'In-Reply-To: <Jungo Lin <j@m.com>'
refs 'folded in an id' a@x a@x 'References: <a@
 x>'
refs 'doubled brackets' a@x a@x 'References: <<a@x>>'
refs 'a comma' b@x 'a@x b@x' 'References: <a@x>,<b@x>'
refs 'comments and phrases' a@x a@x \
    'References: (of <c@x>) "<d@x>" Ann <a@x> said'
refs 'protonmail.internalid' '' '' 'References: <z@protonmail.internalid>'
refs 'case counts' A@x 'a@x A@x' 'References: <a@x> <A@x>'
refs 'each once' b@x 'a@x b@x' 'References: <a@x> <b@x> <a@x>' \
    'In-Reply-To: <b@x>'
refs 'no bracket at all' a@x '' 'References: a@x'
says 'is kept apart' 'bare=a@x' <one
says 'no id: one is made of the content' 'flags~no-id' \
    'id~^[0-9a-f]{32}@no-message-id.kvdigest.invalid$' <<'EOF'
Message-ID: <>
Subject: s

EOF
says 'an id without brackets' 'id=a@x' <<'EOF'
Message-ID: a@x

EOF
says 'an encoded word is no id' 'id!~^base@example.org$' <<'EOF'
Message-ID: =?utf-8?q?=3Cbase=40example.org=3E?=

EOF
says 'paths and shell in an id are text' \
    'id=../../etc/passwd$(id)`id`@example.org' <<'EOF'
Message-ID: <../../etc/passwd$(id)`id`@example.org>

EOF
says 'doubled brackets around an id' 'id=a@x' 'flags!~no-id' <<'EOF'
Message-ID: <<a@x>>

EOF
says 'a comment and a phrase beside an id' 'id=a@x' <<'EOF'
Message-ID: (of <c@x>) Ann <a@x> said

EOF
says 'folded inside an id' 'id=a@x' <<'EOF'
Message-ID: <a@
 x>

EOF

# long LENGTH END: a mail with an id that is so long before its host.
long()
{
	perl -e 'printf "Message-ID: <%s%s\@example.org>\nSubject: s\n\n",
	    "i" x $ARGV[0], $ARGV[1]' "$@"
}
long 986 '' >one
says 'an id of 998 bytes' 'id~^i{986}@example.org$' 'subject=s' <one
long 2000 1 >one
says 'of a longer one a part and a hash are kept' 'id~^i{900,}' \
    'id!~.{999}' 'subject=s' <one
parse-mail <one | grep -o '"id": *"[^"]*"' >first
long 2000 2 >one
parse-mail <one | grep -o '"id": *"[^"]*"' >second
ok 'which tells it from one that begins likewise' sh -c '! cmp -s first second'
printf 'Message-ID: <a\000b@example.org>\nSubject: s\n\n' >one
says 'NUL in an id' 'id~^a' 'subject=s' <one
printf 'Message-ID: <\377\376@example.org>\nSubject: s\n\n' >one
says 'bytes that are no UTF-8' 'id~@example.org' 'subject=s' <one

# date DESCRIPTION EXPECTED DATE: the clock of arrival where it is no-date.
date_is()
{
	printf 'Received: from a by b; Thu, 8 May 2025 10:00:00 +0000\nDate: %s\n\n' \
	    "$3" >one
	if [ "$2" = none ]; then
		says "$1" 'date=1746698400' 'arrival=1746698400' \
		    'flags~no-date' <one
	else
		says "$1" "date=$2" 'arrival=1746698400' 'flags!~no-date' <one
	fi
}

date_is 'a date' 1746549785 'Tue, 06 May 2025 17:43:05 +0100'
date_is 'without a day' 1746549785 '6 May 2025 16:43:05 +0000'
date_is 'a named zone' 1746567785 'Tue, 06 May 2025 16:43:05 EST'
date_is 'two digits of a year' 1746571380 '6 May 25 17:43 EST'
date_is 'the farthest zones' 1746499385 'Tue, 06 May 2025 16:43:05 +1400'
date_is 'west of them' 1746592985 'Tue, 06 May 2025 16:43:05 -1200'
date_is 'a comment' 1746549785 'Tue, 06 May 2025 17:43:05 +0100 (BST)'
date_is 'ten years late' 1430930585 'Wed, 06 May 2015 16:43:05 +0000'
date_is '2038' none 'Tue, 19 Jan 2038 03:14:08 +0000'
date_is '9999' none 'Fri, 31 Dec 9999 23:59:59 +0000'
date_is '1970' none 'Thu, 01 Jan 1970 00:00:00 +0000'
date_is '1969' none 'Wed, 31 Dec 1969 23:59:59 +0000'
date_is 'the year 1' none 'Mon, 01 Jan 0001 00:00:00 +0000'
date_is 'two days after arrival' none 'Sat, 10 May 2025 10:00:01 +0000'
date_is 'an hour after arrival is a clock that is fast' 1746702000 \
    'Thu, 8 May 2025 11:00:00 +0000'
date_is 'no date' none 'yesterday'
date_is 'an empty one' none ''
date_is 'numbers out of range' none \
    'Tue, 99999999999999999999 May 2025 99:99:99 +0100'
says 'no field: arrival is the clock' 'flags~no-date' 'date~^[1-9]' <<'EOF'
Subject: s

EOF
says 'no trace field: arrival is the Date' 'arrival=1746549785' \
    'date=1746549785' <<'EOF'
Date: Tue, 06 May 2025 17:43:05 +0100

EOF
says 'a trace field of the future is not believed' 'arrival=1746549785' <<'EOF'
Received: from a by b; Fri, 31 Dec 9999 23:59:59 +0000
Date: Tue, 06 May 2025 17:43:05 +0100

EOF
says 'the top trace field counts' 'arrival=1746698400' <<'EOF'
Received: from b by c; Thu, 8 May 2025 10:00:00 +0000
Received: from a by b; Wed, 7 May 2025 10:00:00 +0000
Date: Tue, 06 May 2025 17:43:05 +0100

EOF
done_testing
