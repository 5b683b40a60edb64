# What every test begins with:
#
#	. "${srcdir:-.}/t/lib.sh"
#
# TAP on standard output (testanything.org), one directory of its own per
# test, a fixed environment.  A test ends with done_testing.

set -u
srcdir=$(cd "${srcdir:-$(dirname "$0")/..}" && pwd)
builddir=$(cd "${builddir:-$srcdir}" && pwd)

T=$(mktemp -d "${TMPDIR:-/tmp}/kvdigest-test.XXXXXX") || exit 1
trap 'chmod -R u+w "$T"; rm -rf "$T"' EXIT
trap 'exit 1' HUP INT TERM
cd "$T" || exit 1

HOME=$T LC_ALL=C.UTF-8 TZ=UTC
PATH=$builddir/src:$builddir/filters:$builddir/t:$srcdir/t:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
KVDIGEST_EXEC_PATH=$builddir/filters
KVDIGEST_DATA_PATH=$srcdir/conf
export HOME LC_ALL TZ PATH KVDIGEST_EXEC_PATH KVDIGEST_DATA_PATH
unset KVDIGEST_CONFIG XDG_CONFIG_HOME SOURCE_DATE_EPOCH
unset http_proxy https_proxy ALL_PROXY

tests=0

# ok DESCRIPTION COMMAND...: the command must exit 0.
ok()
{
	what=$1
	shift
	tests=$((tests + 1))
	"$@" >ok.out 2>&1
	got=$?
	if [ "$got" -eq 0 ]; then
		echo "ok $tests - $what"
	else
		echo "not ok $tests - $what"
		echo "# exit $got of: $*"
		sed 's/^/# /' ok.out
	fi
}

# is DESCRIPTION EXPECTED-FILE FILE: the same bytes, else the difference.
is()
{
	ok "$1" diff -u "$2" "$3"
}

# status DESCRIPTION STATUS COMMAND...: exits so; output in files out, err.
status()
{
	what=$1 want=$2
	shift 2
	tests=$((tests + 1))
	"$@" >out 2>err
	got=$?
	if [ "$got" -eq "$want" ]; then
		echo "ok $tests - $what"
	else
		echo "not ok $tests - $what"
		echo "# exit $got, not $want, of: $*"
		sed 's/^/# /' err
	fi
}

# has DESCRIPTION PATTERN FILE: an extended regular expression is found.
has()
{
	ok "$1" grep -Eq -e "$2" "$3" || :
}

# hasnt DESCRIPTION PATTERN FILE
hasnt()
{
	# shellcheck disable=SC2016 # the inner shell expands them
	ok "$1" sh -c '! grep -En -e "$1" "$2"' - "$2" "$3"
}

# skip DESCRIPTION REASON: a case that cannot run here.
skip()
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# skip_all REASON: the whole file cannot run here.
skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing()
{
	echo "1..$tests"
	exit 0
}

# new_store [DIRECTORY]: a configuration kvdigest.yaml, named by
# KVDIGEST_CONFIG, and its empty store.
new_store()
{
	cat >kvdigest.yaml <<-EOF
	store:
	  path: $T/${1:-store}
	list:
	  id: kvmarm.lists.example.org
	  name: KVMARM
	  archive: https://archive.example.org/kvmarm/
	mail:
	  from: "KVMARM 周报 <digest@example.org>"
	  to: [team@example.org]
	EOF
	KVDIGEST_CONFIG=$T/kvdigest.yaml
	export KVDIGEST_CONFIG
	kvdigest-ingest --init
}

# mail ID [FIELD...] <BODY: a mail of the list on standard output, each FIELD
# a header line of its own; From, Date and Subject are made up when missing.
mail()
{
	id=$1
	shift
	for field in 'From: Ann Example <ann@example.org>' \
	    'Subject: hello' 'Date: Tue, 09 Mar 2021 10:00:00 +0000'; do
		given=
		for f; do
			case $f in "${field%%:*}:"*) given=yes ;; esac
		done
		[ "$given" ] || printf '%s\n' "$field"
	done
	printf 'Message-ID: <%s>\nList-Id: <kvmarm.lists.example.org>\n' "$id"
	printf 'To: kvmarm@lists.example.org\n'
	for f; do
		printf '%s\n' "$f"
	done
	printf '\n'
	cat
}

# says DESCRIPTION EXPECTATION... <MAIL: parse-mail reads the mail so (see
# t/record-says), without a word on standard error.
says()
{
	what=$1
	shift
	G_DEBUG=fatal-criticals parse-mail >record.json 2>parse.err
	ok "$what" record-says "$@"
	[ ! -s parse.err ] || hasnt "$what: silence" . parse.err
}
