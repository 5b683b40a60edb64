#!/bin/sh
# The profiles that come with kvdigest can be used as they are, and each asks
# as its vendor documents it.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/llm.sh"
trap 'stop_servers; chmod -R u+w "$T"; rm -rf "$T"' EXIT

start_server server
echo sk-example >key
chmod 600 key

{
	printf 'store: {path: %s/store}\n' "$T"
	echo 'list: {id: l.example.org, name: L}'
	sed "s|/etc/kvdigest/[a-z]*.key|$T/key|" "$srcdir/conf/llm-profiles.yaml"
} >shipped.yaml

# row PROFILE DIALECT HAS HASNT: the profile is ready for use; and what it has a
# server of this machine asked, whose dialect is not to be seen by its address.
row()
{
	status "$1: can be used" 0 \
	    summarise-llm -n -c shipped.yaml -p "$1" <"$brief"
	has "$1: has a plan" '"plan":\{"requests":1' out
	sed -e "/^    $1:/,/^\$/{
		s|base_url: .*|base_url: http://127.0.0.1:$port/good/v1|
		/dialect:/d
		s|^      model: .*|&\n      dialect: $2|
	}" shipped.yaml >here.yaml
	status "$1: asks" 0 summarise-llm -c here.yaml -p "$1" <"$brief"
	n=$(sed -n 's/^\([0-9]*\) POST.*/\1/p' server/log | tail -n 1)
	has "$1: as its vendor wants it" "$3" "server/$n.body"
	hasnt "$1: and not otherwise" "$4" "server/$n.body"
	hasnt "$1: no temperature, no seed" '"(temperature|seed)"' \
	    "server/$n.body"
	hasnt "$1: no key in what is sent" sk-example "server/$n.body"
}

schema='"type":"json_schema"'
object='"response_format":\{"type":"json_object"\}'
old='"max_tokens":[0-9]+'
new='"max_completion_tokens":[0-9]+'
type='"thinking":\{"type":"disabled"\}'
template='"chat_template_kwargs":\{"enable_thinking":false\}'

row deepseek deepseek "$old,$object,$type,\"stream\":false" "$new|$schema"
row qwen dashscope \
    "$old,$object,\"enable_thinking\":false,\"stream\":true,\"stream_options\"" \
    "$new|$schema"
row kimi kimi "$new,.*$schema.*$type" '"max_tokens"'
row glm glm "$old,$object,$type" "$new|$schema|stream_options"
row openai openai "$new,.*$schema.*\"strict\":true" '"max_tokens"'
row gemini gemini "$old,.*$schema" "$new|json_object"
row claude claude "$old,\"stream\":false" 'response_format|thinking|reasoning'
row vllm vllm "$old,.*$schema.*$template" "$new|stream_options"
row local llama-cpp "$old,.*$schema.*$template" "$new|json_object"
row ollama ollama "$old,.*$schema.*\"reasoning_effort\":\"none\"" "$new"
row lm-studio lm-studio "$old,.*$schema" "$new|json_object|thinking"

sed -n 's/^    \([a-z-]*\):$/\1/p' shipped.yaml >names
ok 'these are all' test "$(wc -l <names)" -eq 11

done_testing
