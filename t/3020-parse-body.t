#!/bin/sh
# parse-mail: the text of a mail, however it is framed, encoded and nested.
# It is never empty where there was something to read.
. "${srcdir:-.}/t/lib.sh"

# raw DESCRIPTION MAIL EXPECTATION...: MAIL goes through printf.
raw()
{
	what_of=$1 mail=$2
	shift 2
	# shellcheck disable=SC2059 # octal bytes
	printf "$mail" >one
	says "$what_of" "$@" <one
}

# body DESCRIPTION TYPE BODY EXPECTATION...: a MIME mail of this Content-Type.
body()
{
	what_of=$1 type=$2 mail=$3
	shift 3
	raw "$what_of" "MIME-Version: 1.0\nContent-Type: $type\n\n$mail" "$@"
}

raw 'CR LF' 'Subject: s\r\nMessage-ID: <a@x>\r\n\r\none\r\ntwo\r\n' \
    'subject=s' 'id=a@x' 'text=one\ntwo\n'
raw 'LF and CR LF mixed' 'Subject: s\r\nMessage-ID: <a@x>\n\r\none\r\ntwo\n' \
    'subject=s' 'id=a@x' 'text=one\ntwo\n'
raw 'a bare CR ends a line' 'Subject: s\n\none\rtwo\n' 'text=one\ntwo\n'
raw 'header only' 'Subject: s\nMessage-ID: <a@x>\n' 'subject=s' 'id=a@x' \
    'text=' 'flags!~charset'
raw 'header without its last line end' 'Subject: s\nMessage-ID: <a@x>' \
    'subject=s' 'id=a@x' 'text='
raw 'body only' 'hello this is no mail\n' 'text=hello this is no mail\n' \
    'subject=' 'flags~malformed' 'flags~no-id'
raw 'empty lines only' '\n\n\n' 'text=' 'flags~malformed' 'flags~no-id'
raw 'an empty line first' '\nSubject: s\nMessage-ID: <a@x>\n\nbody\n' \
    'subject=s' 'id=a@x' 'text=body\n' 'flags~malformed'
raw 'no empty line' 'Subject: s\nMessage-ID: <a@x>\nHere it begins\nand ends\n' \
    'subject=s' 'id=a@x' 'text=Here it begins\nand ends\n' 'flags~malformed'
raw 'an mbox From_ line first' \
    'From a@x Tue May  6 17:43:05 2025\nSubject: s\n\n>From q\nFrom u\n' \
    'subject=s' 'text=>From q\nFrom u\n'
raw 'a quoted one' '>From a@x Tue May  6 17:43:05 2025\nSubject: s\n\nx\n' \
    'subject=s' 'text=x\n'
raw 'NUL in the text' 'Subject: s\n\nbefore\000after\n' \
    'text=before�after\n'
raw 'a lone dot' 'Subject: s\n\none\n.\ntwo\n' 'text=one\n.\ntwo\n'
raw 'bytes of no mail' '\177ELF\002\001\377\376\n\000\001' 'flags~malformed' \
    'id~no-message-id'
raw 'controls are dropped, TAB stays' \
    'Subject: s\n\n\033]0;owned\007\033[2J\033[31mred\010\010\tx\177\n' \
    'text=]0;owned[2J[31mred\tx\n'
raw 'so are bidi, zero-width and tag characters' \
    'Content-Type: text/plain; charset=utf-8\n\n\342\200\256a\342\200\213b\357\273\277\363\240\201\251\342\201\246c\n' \
    'text=abc\n'
raw 'and C1 controls' \
    'Content-Type: text/plain; charset=utf-8\n\na\302\205b\302\233c\n' \
    'text=abc\n'

# Charsets.
body 'UTF-8' 'text/plain; charset=utf-8' '正文\n' 'text=正文\n' \
    'flags!~charset'
body 'none declared' 'text/plain' '正文\n' 'text=正文\n' 'flags!~charset'
body 'utf-8 declared, GB18030 sent' 'text/plain; charset=utf-8' \
    '\326\320\316\304\304\332\310\335 lie\n' 'text=中文内容 lie\n' \
    'flags~charset'
body 'gb2312 declared, GBK sent' 'text/plain; charset=gb2312' \
    '\351F\320\320\302\364\n' 'text=镕行卖\n' 'flags!~charset'
body 'four-byte GB18030' 'text/plain; charset=gb18030' \
    '\2200\3010\n' 'text~^.$'
body 'us-ascii declared, Latin-1 sent' 'text/plain; charset=us-ascii' \
    'M\374ll is here\n' 'text=Müll is here\n' 'flags~charset'
body 'none declared, Latin-1 sent' 'text/plain' \
    'Sch\366ne Gr\374\337e aus K\366ln\n' 'text=Schöne Grüße aus Köln\n'
body 'us-ascii declared, UTF-8 sent' 'text/plain; charset=us-ascii' \
    'Müll\n' 'text=Müll\n'
body 'iso-8859-1 is windows-1252' 'text/plain; charset=iso-8859-1' \
    '\2239\224 \200\n' 'text=“9” €\n'
body 'an unknown charset' 'text/plain; charset=x-klingon' 'text 中\n' \
    'text=text 中\n' 'flags~charset'
body 'UTF-8 with a broken byte' 'text/plain; charset=utf-8' \
    '中文和\377补丁\n' 'text=中文和�补丁\n' 'flags~charset'
body 'big5' 'text/plain; charset=big5' '\244\244\244\345\n' 'text=中文\n'
body 'an unclosed quote' 'text/plain; charset="utf-8' '正\n' 'text=正\n'
body 'by RFC 2231' "text/plain; charset*=utf-8''gb18030" '\326\320\n' \
    'text=中\n'
body 'escape sequences' 'text/plain; charset=iso-2022-jp' \
    '\033$B\033(B\033$BCf\033(Bend\n' 'text=中end\n'

# encoded DESCRIPTION TYPE ENCODING BODY EXPECTATION...
encoded()
{
	what_of=$1 type=$2 encoding=$3 mail=$4
	shift 4
	raw "$what_of" "MIME-Version: 1.0\nContent-Type: $type\nContent-Transfer-Encoding: $encoding\n\n$mail" "$@"
}

encoded 'base64' 'text/plain; charset=utf-8' base64 '5q2j5paHCg==\n' \
    'text=正文\n'
printf 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a \n+\t中\n' >patch
encoded 'a patch in base64' 'text/plain; charset=utf-8' BASE64 \
    "$(perl -MMIME::Base64 -0777 -ne 'print encode_base64($_)' patch)\n" \
    'text=diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a \n+\t中\n' \
    'flags~patch' 'paths=x' 'insertions=1' 'deletions=1'
encoded 'base64 that ends early' 'text/plain' base64 'aGVsbG8gd29y!!\n' \
    'text~^hello wor'
encoded 'base64 that is none' 'text/plain' base64 '\377\376****\n' 'text~^.?$'
encoded 'UTF-16 in base64' 'text/plain; charset=utf-16le' base64 \
    'aABlAGwAbABvAAoA\n' 'text=hello\n'
encoded 'UTF-16 with its mark' 'text/plain; charset=utf-16' base64 \
    '//5OLYdlCgA=\n' 'text~.'
encoded 'quoted-printable' 'text/plain; charset=utf-8' quoted-printable \
    '=E6=AD=\n=A3 a=3Db =\nc\n' 'text=正 a=b c\n'
encoded 'with CR LF' 'text/plain; charset=utf-8' quoted-printable \
    'a=\r\nb\r\n' 'text=ab\n'
encoded 'bad quoted-printable' 'text/plain; charset=utf-8' \
    Quoted-Printable 'a=ZZb=E4=B8=\n=AD=0\n=' 'text~^a=ZZb中'
encoded 'an encoding that nobody knows' 'text/plain' x-rot13 'uryyb\n' \
    'text=uryyb\n'
encoded 'controls in quoted-printable' 'text/plain' quoted-printable \
    'a=1B[2J=00=07b\n' 'text=a[2J�b\n'

# Content types.
body 'no type at all' ';;;=;/' 'hi\n' 'text=hi\n' 'flags~malformed'
body 'of before MIME' 'text' 'hi\n' 'text=hi\n'
raw 'two Content-Types: the first' \
    'Content-Type: text/plain\nContent-Type: text/html\n\n<b>\n' 'text=<b>\n'
body 'multipart/mixed' 'multipart/mixed; boundary=b' \
    '--b\n\none\n--b\nContent-Type: image/png\n\nx\n--b\nContent-Type: text/x-patch\n\n+two\n--b--\n' \
    'text=one\n+two'
body 'an attached text is not the mail, an attached patch is' \
    'multipart/mixed; boundary=b' \
    '--b\n\none\n--b\nContent-Disposition: attachment\n\nnote\n--b\nContent-Type: text/x-patch\nContent-Disposition: attachment\n\n+two\n--b--\n' \
    'text=one\n+two'
body 'multipart/alternative: the plain one' \
    'multipart/alternative; boundary=b' \
    '--b\nContent-Type: text/html\n\n<p>NAK\n--b\nContent-Type: text/plain\n\ngood\n--b--\n' \
    'text=good' 'flags!~html'
body 'multipart/signed: what is signed' \
    'multipart/signed; protocol="application/pgp-signature"; boundary=b' \
    '--b\nContent-Type: text/plain; charset=utf-8\n\n签\n--b\nContent-Type: text/plain\n\n-----BEGIN\n--b--\n' \
    'text=签'
body 'a mail inside is somebody else'\''s' 'multipart/mixed; boundary=b' \
    '--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <inner@x>\nReferences: <other@x>\nSubject: inner\nFrom: ben@example.org\n\ninner text\n--b--\n' \
    'text=see below' 'refs=' 'subject=' 'aliases=' 'id!~inner' \
    'author.address='
body 'unclosed' 'multipart/mixed; boundary=b' '--b\n\nhello\n' 'text=hello\n'
body 'no boundary given' 'multipart/mixed' '--b\n\nhi\n--b--\n' 'text~^hi$' \
    'flags~malformed'
body 'one that never comes' 'multipart/mixed; boundary=q' \
    'hi\n--z\n\nthere\n' 'text=hi\n--z\n\nthere\n' 'flags~malformed'
body 'an empty one' 'multipart/mixed; boundary=""' '--\n\nhi\n----\n' \
    'text~^hi$'
body 'an inner part with the same' 'multipart/mixed; boundary=b' \
    '--b\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nhi\n--b--\n--b--\n' \
    'text~^hi'
body 'one the beginning of another' 'multipart/mixed; boundary=b' \
    '--b\nContent-Type: multipart/alternative; boundary=bb\n\n--bb\n\nhi\n--bb--\n--b--\n' \
    'text~^hi'
body 'nothing is opened' \
    'message/external-body; access-type=local-file; name="/etc/passwd"' \
    'Content-Type: text/plain\n\n' 'text!~root'
body 'nothing is unpacked' 'application/zip; name=a.zip' 'UEsDBA==\n' 'text='

# HTML.
body 'HTML only' 'text/html; charset=utf-8' \
    '<html><head><title>t</title></head><body><p>one &lt;x&gt; &amp;&nbsp;&#20013;&#x6587;<br>two<div>three</div>4</body></html>\n' \
    'text=one <x> & 中文\ntwo\nthree\n4\n' 'flags~html'
body 'scripts, styles and comments are dropped' 'text/html' \
    'a<script>alert("<b>1</b>")</script>b<STYLE>p{}</STYLE>c<!-- <p>d -->e\n' \
    'text=abce\n'
body 'and what a style hides' 'text/html' \
    'a<span style="font-size:0;color:#fff">H<span>I</span>D</span>b<div style="Display: None">X</div>c<p style="font-size:0.9em">d\n' \
    'text=abc\nd\n'
body 'a picture is nothing' 'text/html' \
    'a<img src=http://example.org/x.png style="display:none">b\n' 'text=ab\n'
body 'entities make no controls' 'text/html' \
    'a&#27;[2J&#8238;b&#0;&#xD800;&#99999999;&#\n' \
    'text=a[2Jb&#0;&#xD800;&#99999999;&#\n'
body 'a tag without end' 'text/html' 'a<b\n' 'text=a'
body 'a comment without end' 'text/html' 'a<!-- b\n' 'text=a'
body 'an element without end' 'text/html' 'a<script>b\n' 'text=a'
body 'no tag' 'text/html' '1 < 2 && 3 > 2\n' 'text=1 < 2 && 3 > 2\n'
body 'markup in a plain part is text' 'text/plain' '<b>&lt;</b>\n' \
    'text=<b>&lt;</b>\n'
encoded 'HTML in base64' 'text/html' base64 'PGltZyBzcmM9eD5hPGI+Yg==\n' \
    'text=ab' 'flags~html'

# format=flowed, RFC 3676.
flowed='text/plain; format=flowed'
body 'flowed lines are one' "$flowed" 'one \ntwo \nthree\nfour\n' \
    'text=one two three\nfour\n'
body 'delsp' "$flowed; delsp=yes" '中 \n文\n' 'text=中文\n'
body 'but only when asked for' 'text/plain' 'one \ntwo\n' 'text=one \ntwo\n'
body 'quoted paragraphs by their depth' "$flowed" \
    '> a \n> b\n>> c \n>> d \n> e \nf\n' 'text=> a b\n>> c d \n> e \nf\n'
body 'a signature ends a paragraph and is none' "$flowed" \
    'bye \n-- \nAnn\nLee\n' 'text=bye \n-- \nAnn\nLee\n'
body 'stuffed spaces go, quotes stay what they are' "$flowed" \
    ' From x\n  two\n >no quote\n' 'text=From x\n two\n >no quote\n'
body 'empty lines stay' "$flowed" 'a \n\nb\n>\n> c\n' \
    'text=a \nb\n>\n> c\n'
body 'a last line that flows' "$flowed" 'a \nb ' 'text=a b \n'
body 'with CR LF' "$flowed" 'a \r\nb\r\n' 'text=a b\n'
body 'a patch in it is whole again' "$flowed" \
    'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n  same\n-old\n+new\n' \
    'text~^ same\n-old\n\+new$' 'paths=x' 'insertions=1' 'deletions=1'

# Multiparts within each other: 32 are read, text deeper down is not, what
# stands above it is.
nested()
{
	perl -e '
		my ($depth) = @ARGV;
		print "Message-ID: <a\@example.org>\nSubject: s\n";
		for my $d (1 .. $depth) {
			print "Content-Type: multipart/mixed; boundary=b$d\n\n",
			    "--b$d\n\ntext $d\n--b$d\n";
		}
		print "\nthe innermost\n";
		print "--b$_--\n" for reverse 1 .. $depth;
	' "$1"
}
nested 32 >nested.eml
says '32 multiparts deep' 'text~text 32\nthe innermost' \
    'flags!~clipped' <nested.eml
nested 33 >nested.eml
says '33 multiparts deep' 'text~text 32' 'text!~innermost' 'flags~clipped' \
    <nested.eml
nested 900 >nested.eml
says '900 multiparts deep' 'text~text 32' 'text!~text 33' 'flags~clipped' \
    <nested.eml
nested 20000 >nested.eml
says '20,000 multiparts deep' 'id=a@example.org' 'flags~clipped' <nested.eml
perl -e 'print "Message-ID: <a\@example.org>\n",
	"Content-Type: multipart/mixed; boundary=b\n\n";
	print "--b\n\npart $_\n" for 1 .. 20000; print "--b--\n"' >parts.eml
says '20,000 parts' 'text~^part 900$' 'text!~^part 1001$' 'flags~clipped' \
    <parts.eml

# A text as it stands is read without GMime.  A parameter that means nothing
# has it read with GMime: that must not show.
same()
{
	for type in '' 'Content-Type: text/plain\n' \
	    'Content-Type: TEXT/plain;charset="utf-8"\n' \
	    'Content-type: text/plain ;  charset=iso-8859-1 \n' \
	    'Content-Type: text/plain; charset=gbk\nContent-Transfer-Encoding: 8BIT\n'; do
		plain=$(printf '%s' "${type:-Content-Type: text/plain\n}" |
		    sed 's/ *\\n/; x=y\\n/')
		printf 'Message-ID: <a@example.org>\nDate: Tue, 09 Mar 2021 10:00:00 +0000\n'"$type"'\n'"$2" >one.eml
		printf 'Message-ID: <a@example.org>\nDate: Tue, 09 Mar 2021 10:00:00 +0000\n'"$plain"'\n'"$2" >two.eml
		parse-mail <one.eml >one.json
		parse-mail <two.eml >two.json
		is "$1, as ${type%%\\n*}" two.json one.json
	done
}
same 'no body' ''
same 'an empty line' '\n'
same 'no line feed at the end' 'a\nb'
same 'CRLF' 'a\r\nb\r\n\r\n'
same 'bare CR' 'a\rb\r'
same 'a From line' 'From ann\nFrom bob@example.org Tue Mar  9 10:00:00 2021\n'
same 'what looks like a part' '--b\nContent-Type: text/html\n\n<b>x</b>\n--b--\n'
same 'a NUL' 'a\000b\n'
same 'bytes of Latin-1' 'na\357ve caf\351\n'
same 'bytes of GBK' '\326\320\316\304\n'
same 'broken UTF-8' '\344\270\255\344\270 x\n'
same 'equals signs' 'a=20b=\nc\n'
raw 'a folded type' \
    'Content-Type: text/plain;\n charset=iso-8859-1\n\nna\357ve\n' \
    'text=naïve\n'
raw 'an attachment is no text' \
    'Content-Disposition: attachment\n\nbody\n' 'text='
raw 'an encoding that nobody knows' \
    'Content-Transfer-Encoding: x-none\n\nbody\n' 'text=body\n'

# The footer of a list.
rule=_______________________________________________
footer="$rule\nkvmarm mailing list\nkvmarm@lists.example.org\nhttps://lists.example.org/kvmarm\n"
raw 'a footer is cut' "Subject: s\n\nbody\n$footer" 'text=body\n'
body 'from a flowed mail, too' "$flowed" "body \n$footer" 'text=body \n'
body 'and a part of its own' 'multipart/mixed; boundary=b' \
    "--b\n\nbody\n--b\nContent-Type: text/plain\n\n$footer--b--\n" \
    'text=body\n'
raw 'a quoted one stays' \
    "Subject: s\n\n> $rule\n> kvmarm mailing list\nwhat is this?\n" \
    'text~what is this'
raw 'and a rule with text below' \
    "Subject: s\n\na\n$rule\nb\nc\nd\ne\nf\ng\nthe mailing list\n" \
    'text~the mailing list'
done_testing
