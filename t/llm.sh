# What tests of summarise-llm begin with, after lib.sh: a server that plays
# scenarios, and configurations that name them.

brief=$srcdir/t/data/brief-llm.json

# start_server DIR [ARGUMENT...]: sets port; the server ends with the test.
start_server()
{
	mkdir -p "$1"
	fake-llm "$@" >/dev/null 2>"$1.err" &
	servers="${servers-} $!"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -s "$1/port" ] && break
		sleep 0.1
	done
	port=$(cat "$1/port")
}

stop_servers()
{
	# shellcheck disable=SC2086 # one word for each
	kill ${servers-} 2>/dev/null
	servers=
}

# conf SCENARIO [LINE...]: k.yaml with a profile "a"; the lines are of it.
conf()
{
	scenario=$1
	shift
	cat >k.yaml <<-EOF
	store: {path: $T/store}
	list: {id: l.example.org, name: L}
	llm:
	  use: [a]
	  profiles:
	    a:
	      base_url: http://127.0.0.1:$port/$scenario/v1
	      model: m
	EOF
	for line; do
		printf '      %s\n' "$line" >>k.yaml
	done
}

# ask STATUS DESCRIPTION: summarise-llm on the brief; output in out, err, and
# what was sent for it in server/1.body and so on.  Its sleeps take no time and
# are in sleeps, by milliseconds.
ask()
{
	rm -f server/[0-9]* server/log
	: >sleeps
	status "$2" "$1" env KD_SLEEPS="$T/sleeps" \
	    LD_PRELOAD="$builddir/t/shim-clock.so" \
	    summarise-llm -c k.yaml <"$brief"
}

# sent: how many requests for an answer came so far.
sent()
{
	grep -c POST server/log 2>/dev/null || :
}
