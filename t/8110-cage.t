#!/bin/sh
# parse-mail works in a cage: what it could do to anybody else is refused from
# the moment it reads the first mail, and what it needs is not.
. "${srcdir:-.}/t/lib.sh"

case $(uname -m) in
x86_64 | aarch64) ;;
*) skip_all 'no filter for this processor' ;;
esac

# attempts: what the taken-over parser got, with the mail's record in "record".
# It is taken over in GMime, which a plain text is not given to.
attempts()
{
	: >removable
	: >renamable
	printf '%s\n' --b '' text --b-- |
	    mail one@example.org 'Content-Type: multipart/mixed; boundary=b' |
	    LD_PRELOAD=$builddir/t/shim-cage.so parse-mail >record 2>got
}

attempts
ok 'attempts were made' test "$(wc -l <got)" -eq 14
grep -v ': refused$' got >worked
is 'all are refused' /dev/null worked
ok 'the mail is parsed all the same' grep -q one@example.org record
ok 'no file was written, removed or renamed' \
    test ! -e written -a -e removable -a -e renamable

KD_NO_CAGE=1
export KD_NO_CAGE
attempts
unset KD_NO_CAGE
cat got record | grep -v ': done$' | grep ': refused' >refused
is 'without the cage each of them works' /dev/null refused
ok 'a program as well' grep -q '^a program: done' record

if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null
then
	# Charsets that are converted, one that nobody has, a date, a name.
	for charset in gb2312 iso-2022-jp koi8-r windows-1252 x-no-such; do
		printf '\304\343\272\303\n' |
		    mail "$charset@example.org" \
			"Content-Type: text/plain; charset=$charset; x=y" \
			'Subject: =?iso-8859-2?q?a=E9b?=' |
		    strace -f -o trace parse-mail >record
		sed '1,/PR_SET_SECCOMP/d' trace |
		    grep -vE '^[0-9]+ +(read|write|close|lseek|brk|m[a-z]+|munmap|getrusage|prlimit64|futex|getrandom|clock_gettime|exit_group)\(|newfstatat\([01], ""|\+\+\+' >calls
		grep -v ' = -1 EPERM' calls >done
		is "$charset: what is not needed is not done" /dev/null done
		ok "$charset: a record" grep -q '"subject": "aéb"' record
	done
else
	skip 'system calls' 'strace cannot trace here'
fi

# Every charset that mail uses, out of the cage and in it.
printf '\304\343\272\303\n' | mail gb@example.org \
    'Content-Type: text/plain; charset=gb2312' |
    parse-mail >record
ok 'GB2312 is read' grep -q '你好' record
printf '\363\360\n' | mail koi@example.org \
    'Content-Type: text/plain; charset=koi8-u' | parse-mail >record
ok 'KOI8-U is read' grep -q 'СП' record
done_testing
