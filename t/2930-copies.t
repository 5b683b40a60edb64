#!/bin/sh
# A mail that came in two forms with one text counts once, whatever came first;
# what another list's mail says does not matter.
. "${srcdir:-.}/t/lib.sh"

# form NAME TEXT LIST: the mail of one id, in a form of its own.
form()
{
	printf 'From: Ann Example <ann@example.org>\nMessage-ID: <one@x>\n'
	printf 'Date: Tue, 09 Mar 2021 10:00:00 +0000\nSubject: hello\n'
	printf 'X-Form: %s\nList-Id: <%s.lists.example.org>\n\n%s\n' \
	    "$1" "$3" "$2"
}
form a text kvmarm >a
form b text kvmarm >b
form c text kvmarm >c
form d 'another text' kvmarm >d
form e 'another text' kvmarm >e
form o text other >o
form p 'another text' other >p

{
	printf 'From: Ben Example <ben@example.org>\nMessage-ID: <two@x>\n'
	printf 'Date: Tue, 09 Mar 2021 11:00:00 +0000\nSubject: Re: hello\n'
	printf 'List-Id: <kvmarm.lists.example.org>\n'
	printf 'In-Reply-To: <one@x>\n\nan answer\n'
} >r

# counts WANTED MAIL...: as many mails are listed, in one go and one by one.
counts()
{
	want=$1
	shift
	for way in at-once one-by-one; do
		rm -rf store
		new_store
		for file; do
			kvdigest-ingest <"$file"
			[ $way = at-once ] || kvdigest-thread
		done
		kvdigest-thread --list >got
		has "$*, $way: $want" " $want/$want " got
		ok 'one topic' [ "$(wc -l <got)" -eq 1 ]
	done
}

# The same with what a list's software puts below it: the plain one is a part.
{
	cat a
	printf '%s\n' '_______________________________________________' \
	    'kvmarm mailing list' 'kvmarm@lists.example.org' \
	    'https://lists.example.org/mailman/listinfo/kvmarm'
} >f

# With other lists' footers, and headers that differ.
{
	cat b
	printf '%s\n' '' '--' \
	    'To unsubscribe from this list: send the line "unsubscribe kvm" in' \
	    'the body of a message to majordomo@vger.example.org'
} >g
{
	cat c
	printf '%s\n' '' '-- ' \
	    "You received this message because you are subscribed to the \
Google Groups 'kasan-dev' group." \
	    'To unsubscribe from this group send an email to x@example.com.'
} >h
{
	cat c
	printf '%s\n' '' '' '-=-=-=-=-=-=-=-=-=-=-=-' \
	    'Groups.io Links: You receive all messages sent to this group.' \
	    'View/Reply Online (#1): https://groups.example.org/g/devel/1' \
	    'Mute This Topic: https://groups.example.org/mt/1' '' \
	    'Unsubscribe: https://groups.example.org/g/devel/unsub' \
	    '-=-=-=-=-=-=-=-=-=-=-=-'
} >i

counts 1 a
counts 1 a g
counts 1 h a i
counts 1 f g h i
counts 1 a f
counts 1 f a
counts 1 a f b
counts 2 f d a
counts 1 a b
counts 1 a b c
counts 2 a d
counts 2 a d b e
counts 2 d a b e
counts 1 o a
counts 1 o a b
counts 1 a o b
counts 2 o p a d b e
counts 2 o d p e a b
counts 2 o a r
counts 2 o r a
counts 2 r o a
done_testing
