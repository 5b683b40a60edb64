#!/bin/sh
# The shipped hooks under the real programs that run them.  The mail arrives
# whole; whatever goes wrong with kvdigest-ingest, the mail system keeps the
# mail: the delivery agent exits 75, or Pigeonhole leaves it in INBOX.
. "${srcdir:-.}/t/lib.sh"

chmod 711 "$T"
mkdir bin spool
chmod 777 bin spool
cp "$srcdir/t/fake-ingest" stub

# hook NAME FILE: the example as make installs it, for programs in $T/bin.
hook()
{
	sed "s|@bindir@|$T/bin|g" "$srcdir/conf/$1.in" >"$2"
}

# As a user who is not root, and without set-user-ID: Dovecot's agent takes no
# root, and procmail would make a mailbox in /var/mail.
user='setpriv --no-new-privs'
[ "$(id -u)" -ne 0 ] ||
    user="$user --reuid=nobody --regid=nogroup --clear-groups"

# More than a pipe holds, and what an mbox or SMTP would spoil.
mail hooks@example.org 'Content-Type: text/plain; charset=utf-8' >letter <<'EOT'
From the beginning of a line
.
周报	with a tab and trailing space 
EOT
perl -e 'print "x" x 70, "\n" for 1 .. 2000' >>letter

# deliveries NAME COMMAND...: the agent's exit status in every case.
deliveries()
{
	agent=$1
	shift
	for how in 0 1 64 75 78 127 segv unread missing; do
		rm -f bin/* spool/*
		[ "$how" = missing ] || cp stub bin/kvdigest-ingest
		echo "$how" >bin/how
		if [ "$how" = 0 ]; then
			status "$agent: delivered" 0 "$@" <letter
			ok "$agent: once" test "$(ls bin | grep -c ^got)" -eq 1
			is "$agent: the mail is whole" letter bin/got.*
		else
			status "$agent: ingest: $how" 75 "$@" <letter
			ok "$agent: and no other delivery" test ! -s spool/mbox
		fi
	done
}

# Postfix gives what stands behind "|" to /bin/sh, since it is no plain
# command.
hook forward forward
line=$(sed -n 's/^"|\(.*\)"$/\1/p' forward)
deliveries .forward /bin/sh -c "$line"

# procmail RCFILE, in the user's name.
run_procmail()
{
	$user procmail "DEFAULT=$T/spool/mbox" "ORGMAIL=$T/spool/mbox" "$T/$1"
}

if command -v procmail >/dev/null; then
	hook procmailrc procmailrc
	deliveries procmail run_procmail procmailrc

	# Without its parts the recipe must fail, or these tests prove nothing.
	cp stub bin/kvdigest-ingest
	echo 78 >bin/how
	printf ':0\n| %s\n' "$T/bin/kvdigest-ingest" >lost
	status 'procmail without "w" takes the mail' 0 \
	    run_procmail lost <letter
	ok 'and loses it' test ! -s spool/mbox
	printf ':0w\n| %s\n' "$T/bin/kvdigest-ingest" >kept
	status 'procmail without EXITCODE takes it' 0 run_procmail kept <letter
	ok 'and leaves it in the mailbox' test -s spool/mbox
else
	skip procmail 'not installed'
fi

if command -v maildrop >/dev/null; then
	hook maildrop mailfilter.in
	# A system user's shell, which maildrop takes from the passwd file.
	printf 'DEFAULT="%s"\nSHELL="/bin/false"\n' "$T/spool/mbox" |
	    cat - mailfilter.in >mailfilter
	chmod 600 mailfilter
	deliveries maildrop maildrop "$T/mailfilter"
else
	skip maildrop 'not installed'
fi

lda=/usr/lib/dovecot/dovecot-lda
if [ -x $lda ] && [ -e /usr/lib/dovecot/modules/lib90_sieve_plugin.so ]; then
	mkdir home
	hook sieve home/list.sieve
	chmod 777 home
	# The lines of the example, with its paths replaced.
	sed -n '/^#	plugin {$/,/^#	}$/s/^#	//p' "$srcdir/conf/sieve.in" |
	    sed -e "s|/etc/dovecot/sieve-pipe|$T/bin|" \
		-e "s|/etc/dovecot/sieve/kvdigest|$T/home/list|" >plugin
	cat - plugin >dovecot.conf <<-EOT
	base_dir = $T/home/run
	log_path = $T/home/log
	mail_location = maildir:$T/home/Maildir
	ssl = no
	postmaster_address = postmaster@example.org
	protocol lda {
	  mail_plugins = sieve
	}
	EOT
	for how in 0 1 75 78 segv unread missing; do
		rm -rf bin/* home/Maildir
		[ "$how" = missing ] || cp stub bin/kvdigest-ingest
		echo "$how" >bin/how
		status "sieve: ingest: $how" 0 env HOME="$T/home" USER=nobody \
		    $user $lda -c "$T/dovecot.conf" <letter
		find home/Maildir/new -type f >kept 2>/dev/null
		if [ "$how" = 0 ]; then
			# Pigeonhole hands out mail with CRLF.
			tr -d '\r' <"$(echo bin/got.*)" >got
			is 'sieve: the mail is whole' letter got
			ok 'sieve: and nowhere else' test ! -s kept
		else
			ok 'sieve: INBOX has the mail' test \
			    "$(wc -l <kept)" -eq 1
		fi
	done
else
	skip sieve 'no dovecot-lda with Pigeonhole'
fi

if command -v postconf >/dev/null; then
	mkdir postfix
	: >postfix/main.cf
	hook master.cf postfix/master.cf
	status 'Postfix reads master.cf' 0 \
	    postconf -c "$T/postfix" -M kvdigest/unix
	cat >expected <<-EOT
	kvdigest   unix  -       n       n       -       4       pipe flags=RO user=kvdigest argv=/bin/sh -c {$T/bin/kvdigest-ingest || exit 75}
	EOT
	is 'as one service' expected out
else
	skip 'Postfix reads master.cf' 'no postconf'
fi

done_testing
