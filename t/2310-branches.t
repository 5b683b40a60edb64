#!/bin/sh
# Discussions below a topic, where somebody changed the subject; and which
# posting each mail is about.
. "${srcdir:-.}/t/lib.sh"

# deliver ID FIELD... <BODY
deliver()
{
	mail "$@" </dev/null | kvdigest-ingest --archived ||
	    echo "# $1 was not stored"
}

cat >mails.pl <<'EOF'
# A line for each mail: id, the version it is about, what began its branch.
use strict;
use warnings;
use JSON::PP;
local $/;
for my $topic (@{decode_json(<STDIN>)->{topics}}) {
	for (@{$topic->{mails}}) {
		my $posting = $_->{posting};
		print "$_->{id} ", defined $posting
		    ? "v$topic->{postings}[$posting]{version}" : '-', ' ',
		    $_->{branch} // '-', "\n";
	}
}
EOF

new_store
deliver v1@x 'Subject: [PATCH 0/1] KVM: arm64: Make it good'
deliver v1.1@x 'Subject: [PATCH 1/1] KVM: arm64: Make a part good' \
    'In-Reply-To: <v1@x>'
deliver re@x 'Subject: Re: [PATCH 1/1] KVM: arm64: Make a part good' \
    'In-Reply-To: <v1.1@x>'
deliver was@x 'In-Reply-To: <re@x>' \
    'Subject: GIC in nested guests (was: Re: [PATCH 1/1] KVM: arm64: Make a part good)'
deliver below@x 'Subject: Re: GIC in nested guests' 'In-Reply-To: <was@x>'
deliver changed@x 'Subject: Something else' 'In-Reply-To: <re@x>'
deliver back@x 'Subject: Re: [PATCH 1/1] KVM: arm64: Make a part good' \
    'In-Reply-To: <changed@x>'
deliver case@x 'Subject: AW: [patch 1/1] kvm: arm64: make a part good' \
    'In-Reply-To: <re@x>'
deliver v2@x 'Subject: [PATCH v2 0/1] KVM: arm64: Make it good' \
    'In-Reply-To: <v1@x>' 'Date: Wed, 10 Mar 2021 10:00:00 +0000'
deliver v2.1@x 'Subject: [PATCH v2 1/1] KVM: arm64: Make a part better' \
    'In-Reply-To: <v2@x>' 'Date: Wed, 10 Mar 2021 10:00:00 +0000'
deliver re2@x 'Subject: Re: [PATCH v2 1/1] KVM: arm64: Make a part better' \
    'In-Reply-To: <v2.1@x>' 'Date: Wed, 10 Mar 2021 11:00:00 +0000'
deliver lost@x 'Subject: Re: [PATCH v2 1/1] KVM: arm64: Make a part better' \
    'In-Reply-To: <never@x>' 'References: <v2@x> <never@x>' \
    'Date: Wed, 10 Mar 2021 12:00:00 +0000'
deliver gone@x 'Subject: Re: [PATCH v2 1/1] KVM: arm64: Make a part better' \
    'In-Reply-To: <never2@x>' 'References: <v1@x> <never2@x>' \
    'Date: Wed, 10 Mar 2021 12:30:00 +0000'
deliver robot@x 'Subject: warning: unused variable' \
    'From: kernel test robot <lkp@intel.com>' 'In-Reply-To: <v2.1@x>' \
    'Date: Wed, 10 Mar 2021 13:00:00 +0000'
deliver counter@x 'Subject: [PATCH] KVM: arm64: Another way' \
    'From: Ben Example <ben@example.org>' 'In-Reply-To: <re@x>'
kvdigest-report -n --since 2000-01-01 --format json >digest.json
perl mails.pl <digest.json | sort >got
cat >want <<'EOF'
back@x v1 back@x
below@x v1 was@x
case@x v1 -
changed@x v1 changed@x
counter@x v1 -
gone@x v2 -
lost@x v2 -
re2@x v2 -
re@x v1 -
robot@x v2 -
v1.1@x v1 -
v1@x v1 -
v2.1@x v2 -
v2@x v2 -
was@x v1 was@x
EOF
is 'who changed the subject, and what each mail is about' want got
kvdigest-report -n --since 2000-01-01 --format text >text
ok 'three are marked for people' \
    test "$(grep -c '〔子讨论〕' text)" -eq 3
done_testing
