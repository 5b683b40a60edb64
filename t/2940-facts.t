#!/bin/sh
# Trailers and notices of real mail, against a reader of its own that shares no
# code with ours: what it finds in unquoted lines of replies we have, and no
# review and no commit is told that no line of the mail holds.
# The corpus is no part of this tree; KVDIGEST_CORPUS names it.
. "${srcdir:-.}/t/lib.sh"

[ "${KVDIGEST_CORPUS:-}" ] || skip_all 'KVDIGEST_CORPUS is not set'
archive=$KVDIGEST_CORPUS/mail/kvmarm-2021.mbox.xz
[ -e "$archive" ] || skip_all "there is no $archive"
command -v python3 >/dev/null || skip_all 'there is no python3'
command -v xz >/dev/null || skip_all 'there is no xz'

cat >reader.py <<'EOT'
import collections, mailbox, re, sys
from email.header import decode_header, make_header
KINDS = ('reviewed', 'acked', 'tested', 'nacked')
TRAILER = re.compile(r'\s*((?:[A-Za-z]+-and-)*[A-Za-z]+)-by\s*:\s*\S', re.I)
ITEM = re.compile(r'\[\d+/\d+\] .')
COMMIT = re.compile(r'\s+(?:commit: |https://\S+/)([0-9a-f]{7,40})$')

def subject_of(mail):
    try:
        return str(make_header(decode_header(mail['subject'] or '')))
    except (LookupError, UnicodeError, ValueError):
        return str(mail['subject'])

def text_of(mail):
    parts = []
    for part in mail.walk():
        if part.get_content_type() == 'text/plain' and not part.get_filename():
            parts.append((part.get_payload(decode=True) or b'').decode('latin-1'))
    return '\n'.join(parts)

ours = collections.defaultdict(list)
for line in open(sys.argv[2], encoding='utf-8'):
    mail_id, kind, value = line.rstrip('\n').split('\t', 2)
    ours[mail_id].append((kind, value))
trailers = missed = notices = lost = claims = unproven = 0
seen = set()
for mail in mailbox.mbox(sys.argv[1], create=False):
    mail_id = (mail['message-id'] or '').strip().strip('<>')
    if mail_id in seen:
        continue
    seen.add(mail_id)
    text = text_of(mail)
    lines = [l for l in text.splitlines() if not re.match(r'\s*>', l)]
    prose = '\n'.join(lines)
    reply = re.match(r'\s*(re|aw)\s*:', subject_of(mail), re.I)
    have = collections.Counter(k for k, v in ours[mail_id])
    if reply:
        want = collections.Counter()
        for line in lines:
            match = TRAILER.match(line)
            for stem in match[1].lower().split('-and-') if match else ():
                if stem in KINDS:
                    want[stem + '-by'] += 1
        trailers += sum(want.values())
        missed += sum((want - have).values())
        commits = [c[1] for a, b in zip(lines, lines[1:])
                   if ITEM.match(a) and (c := COMMIT.match(b))]
        if commits:
            notices += 1
            told = [v for k, v in ours[mail_id] if k == 'applied-commit']
            lost += told != commits
    for kind, value in ours[mail_id]:
        if kind in ('applied', 'applied-partly'):
            claims += 1
            word = re.search(r'\b(appl|queue|merge|pull|pick|push|take)', prose, re.I)
            unproven += not word or value.split(' ')[0] not in prose
        elif kind in ('applied-commit', 'applied-patch'):
            unproven += value not in re.sub(r'[^\x00-\x7f]+', '', prose) and \
                value.isascii()
print(trailers, missed, notices, lost, claims, unproven)
EOT
xz -dc "$archive" >archive.mbox
new_store
sed -i 's/^  id:.*/  id: kvmarm.lists.cs.columbia.edu/' kvdigest.yaml
status 'the archive is stored' 0 kvdigest-ingest --mbox archive.mbox
kvdigest-thread --facts >facts
python3 reader.py archive.mbox facts >sums
read -r trailers missed notices lost claims unproven <sums
echo "# $trailers trailers, $notices lists of commits, $claims notices"
ok 'there are trailers, lists and notices' test "$trailers" -gt 500 -a \
	"$notices" -gt 90 -a "$claims" -gt 100
ok 'at least 99 % of the trailers are found' test \
	$((missed * 100)) -le "$trailers"
ok 'every list of commits is found, whole' test "$lost" -eq 0
ok 'no notice, patch or commit is told that its mail has not' test \
	"$unproven" -eq 0

# What a digest says was applied, merged or sent has a mail of the topic that
# states it; or the topic's newest patches are all in the shortlog of a pull
# request that it names, and the mail is about that.  Every fourth week; all of
# them in the long run.
cat >claims.py <<'EOT'
import json, re, sys
PROOFS = {'合入': {'pulled', 'applied'}, 'PULL': {'pull-request'},
          '应用': {'applied', 'applied-partly'}}
stated, payload = set(), {}
for line in open('facts', encoding='utf-8'):
    mail_id, kind, value = line.rstrip('\n').split('\t')[:3]
    stated.add((mail_id, kind))
    if kind == 'payload':
        payload.setdefault(mail_id, set()).add(value.lower())

def is_carried(topic, kinds):
    newest = len(topic['postings']) - 1
    titles = {re.sub(r'^\[[^\]]*\]\s*', '', mail['subject']).lower()
              for mail in topic['mails']
              if mail['kind'] == 'patch' and mail['posting'] == newest}
    return any(titles <= payload.get(related['evidence'][1], set())
               for related in topic['related']
               if related['relation'] == 'pull') and titles and any(
        (mail_id, kind) in stated
        for mail_id in topic['state']['evidence'] for kind in kinds)

claims = unproven = 0
for name in sys.argv[1:]:
    with open(name, encoding='utf-8') as file:
        digest = json.load(file)
    for topic in digest['topics']:
        state = topic['state']
        kinds = [PROOFS[word] for word in PROOFS
                 if state and word in state['name']]
        if not kinds:
            continue
        claims += 1
        mails = {mail['id'] for mail in topic['mails']}
        proven = {fact['id'] for fact in topic['facts']
                  if fact['kind'] in kinds[0]}
        if not set(state['evidence']) & proven & mails and \
                not is_carried(topic, kinds[0]):
            unproven += 1
            print('#', name, state['name'], topic['title'])
print(claims, unproven)
EOT
step=4
[ -z "${KVDIGEST_LONG:-}" ] || step=1
week=1
while [ $week -le 52 ]; do
	number=$(printf 2021-W%02d $week)
	kvdigest-report -n --no-llm --week "$number" --format json >"$number"
	week=$((week + step))
done
python3 claims.py 2021-W* >sums
sed 's/^/# /' sums
tail -n 1 sums >last
read -r claims unproven <last
ok 'states claim that something was applied' test "$claims" -gt 30
ok 'and each has its notice' test "$unproven" -eq 0
done_testing
