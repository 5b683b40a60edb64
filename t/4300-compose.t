#!/bin/sh
# The mail, read back by a parser that is not the one that wrote it: Python's,
# which lists what it finds wrong, or else Perl with nothing but base64.
. "${srcdir:-.}/t/lib.sh"

ok 'a sample is written' unit-compose "$T"
ok 'all of it is 7-bit' perl -ne 'die "$.: $_" if /[^\n -~\t]/' digest.eml
ok 'no line is over 78 characters' perl -lne 'die "$.: $_" if length > 78' \
    digest.eml
ok 'it ends in a line feed' test -z "$(tail -c 1 digest.eml)"

cat >expected <<'EOF1'
multipart/mixed - -
multipart/alternative - -
text/plain utf-8 -
text/html utf-8 -
text/markdown utf-8 kvmarm-2021-W10.md
EOF1

if python3 -c 'import email.policy' 2>/dev/null; then
	cat >read.py <<'EOF1'
import email, email.policy, sys

with open("digest.eml", "rb") as file:
    mail = email.message_from_binary_file(file, policy=email.policy.default)
defects = list(mail.defects)
for name, value in mail.items():
    defects += value.defects
for part in mail.walk():
    print(part.get_content_type(), part.get_content_charset("-"),
        part.get_filename("-"))
    defects += part.defects
    if not part.is_multipart():
        with open(part.get_content_subtype(), "wb") as file:
            file.write(part.get_payload(decode=True))
with open("subject", "w") as file:
    print(mail["Subject"], file=file)
with open("from", "w") as file:
    print(mail["From"].addresses[0].display_name, file=file)
sys.exit(repr(defects) if defects else 0)
EOF1
	status 'Python finds no defect' 0 python3 read.py
	is 'and the right parts' expected out
	echo '[kvmarm 周报] 2021-W10：278 封，3 个话题' >want
	is 'and the subject' want subject
	echo 'KVMARM 周报' >want
	is 'and the sender' want from
else
	cat >read.pl <<'EOF1'
use MIME::Base64;
local $/;
my $mail = <STDIN>;
while ($mail =~ m{^Content-Type: text/(\w+).*?\n\n(.*?)\n--}gms) {
	open my $file, '>', $1 or die;
	print $file decode_base64($2);
	close $file or die;
}
EOF1
	status 'Perl reads the parts' 0 perl read.pl <digest.eml
fi

is 'the text is the text' digest.txt plain
is 'the HTML is the HTML' digest.html html
is 'the attachment is the Markdown' digest.md markdown

done_testing
