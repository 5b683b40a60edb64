#!/bin/sh
# The HTML digest in a real browser: everything is there, links lead somewhere,
# and it fits a telephone's width.
. "${srcdir:-.}/t/lib.sh"

for browser in chromium chromium-browser google-chrome ''; do
	command -v "$browser" >/dev/null && break
done
[ "$browser" ] || skip_all 'no chromium'

new_store
kvdigest-ingest --mbox "$srcdir/t/data/sample.mbox" >out
kvdigest-report --week 2021-W10 --format html -o digest.html
kvdigest-report --week 2021-W10 --format json -o digest.json

# A page of ours measures the digest, which has no script, in frames.
cat >measure.html <<'EOF'
<!DOCTYPE html>
<meta charset="utf-8">
<iframe src="digest.html" width="400" height="900"></iframe>
<iframe src="digest.html" width="1000" height="900"></iframe>
<pre id="result">not measured</pre>
<script>
onload = () => {
	const lines = [];
	for (const frame of document.querySelectorAll('iframe')) {
		const d = frame.contentDocument;
		const width = d.documentElement.clientWidth;
		const wide = d.documentElement.scrollWidth;
		lines.push('wide at ' + frame.width + ': ' +
		    (wide > width ? wide : 'no'));
	}
	const d = document.querySelector('iframe').contentDocument;
	const links = [...d.querySelectorAll('a[href]')];
	const inner = links.map(a => a.getAttribute('href'))
	    .filter(h => h[0] === '#');
	lines.push('lang: ' + d.documentElement.lang);
	lines.push('charset: ' + d.characterSet);
	lines.push('dangling: ' + inner.filter(
	    h => !d.querySelector('a[name="' + h.slice(1) + '"]')).length);
	lines.push('other schemes: ' + links.filter(
	    a => !/^(#|https:\/\/archive\.example\.org\/)/.test(
	    a.getAttribute('href'))).length);
	lines.push('loads: ' + d.querySelectorAll(
	    'script,img,iframe,object,embed,link,form,video,audio').length);
	const text = d.body.innerText.replace(/\s+/g, ' ');
	lines.push('topics: ' + [...d.querySelectorAll('a[name]')].length);
	lines.push('states: ' + (text.match(/已应用到 next/g) || []).length);
	document.getElementById('result').textContent = lines.join('\n');
};
</script>
EOF
timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-quic \
    --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync \
    --allow-file-access-from-files --user-data-dir="$T/profile" \
    --virtual-time-budget=5000 --dump-dom "file://$T/measure.html" \
    >dom 2>browser.err
sed -n '/<pre id="result">/,/<\/pre>/p' dom |
    sed 's/.*<pre id="result">//; s/<\/pre>.*//' >got
topics=$(grep -c '"id": "topic:' digest.json)
cat >want <<EOF
wide at 400: no
wide at 1000: no
lang: zh-CN
charset: UTF-8
dangling: 0
other schemes: 0
loads: 0
topics: $topics
states: 2
EOF
is 'is whole, safe, and fits' want got
done_testing
