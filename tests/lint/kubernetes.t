#!/bin/bash
# The Kubernetes manifests hold together: names that refer to each other, options that the tools have, the restricted
# profile of pod security, overlays; and the image has the libraries of the tools.
. "${0%/*}/../lib/tap.sh"
command -v yq >/dev/null || skip_all "yq is not installed"
cd "$root/pipelines/kubernetes" || exit 1
yq -s . base/{namespace,workers,scaling,network,database}.yaml >"$work/base.json" ||
	{ flunk "the manifests are YAML"; finish; }
is "the kustomization has every file" "$(yq -r '.resources[]' base/kustomization.yaml | sort | tr '\n' ' ')" \
	"$(cd base && ls *.yaml | grep -v kustomization | tr '\n' ' ')"

common='
	def pods: .[] | {kind, name: .metadata.name, claims: [.spec.volumeClaimTemplates[]?.metadata.name],
		template: ((.spec.jobTemplate // .) | .spec.template)} | select(.template);
	def containers: pods | . as $pod | (.template.spec | .initContainers + .containers)[] | {pod: $pod, container: .};
	def named: "\(.pod.kind) \(.pod.name): \(.container.name)";'
# none NAME FILTER: the filter of jq, which lists what is wrong, gives nothing.
none() { is "$1" "$(jq -r "$common $2" "$work/base.json" 2>&1)" ""; }

is "there are pods to look at" "$(jq -r "$common [containers] | length" "$work/base.json")" 9
none "pods run as nobody, with the runtime's seccomp profile, without a token" '
	pods | select(.template.spec | (.securityContext | .runAsNonRoot and .runAsUser > 999 and .fsGroup > 999
		and .seccompProfile.type == "RuntimeDefault") and .automountServiceAccountToken == false | not) | .name'
none "containers can get nothing and write nowhere but to volumes" '
	containers | select(.container.securityContext | .allowPrivilegeEscalation == false and .readOnlyRootFilesystem
		and .capabilities.drop == ["ALL"] | not) | named'
none "each says what it needs, and has a bound of memory" '
	containers | select(.container.resources | .requests.cpu and .requests.memory and .limits.memory | not) | named'
none "images are those that the overlay names" 'containers | select(.container.image != "sensorpipe") | named'
none "what is mounted is a volume of the pod" '
	containers | . as $c | .container.volumeMounts[]?.name
	| select(. as $name | [$c.pod.template.spec.volumes[]?.name, $c.pod.claims[]] | index($name) | not)'
none "no secret comes by the environment" '
	containers | select([.container | .env[]?.valueFrom.secretKeyRef, .envFrom[]?.secretRef] | any) | named'
none "selectors find their pods" '
	[pods | .template.metadata.labels["app.kubernetes.io/component"]] as $components
	| [.[] | .metadata.name as $name | .spec | select(.)
		| (.selector.matchLabels // .selector // .podSelector.matchLabels // empty) | {$name, labels: .}][]
	| select(.labels["app.kubernetes.io/component"] as $component | $components | index($component) | not) | .name'
none "every pod is behind a policy of the network" '
	[.[] | select(.kind == "NetworkPolicy" and .spec.policyTypes == ["Ingress", "Egress"])
		| .spec.podSelector.matchLabels["app.kubernetes.io/component"]] as $covered
	| pods | select(.template.metadata.labels["app.kubernetes.io/component"] as $c | $covered | index($c) | not) | .name'
none "the service of the set is there, and its port is one of the pod" '
	. as $all | .[] | select(.kind == "StatefulSet") | . as $set
	| select([$all[] | select(.kind == "Service" and .metadata.name == $set.spec.serviceName) | .spec.ports[].targetPort
		| select(. as $port | [$set.spec.template.spec.containers[].ports[]?.name] | index($port))] | length != 1)'
none "the autoscaler has a set to scale, which counts its replicas nowhere else" '
	. as $all | .[] | select(.kind == "HorizontalPodAutoscaler") | .spec.scaleTargetRef as $target
	| select([$all[] | select(.kind == $target.kind and .metadata.name == $target.name and (.spec.replicas | not))]
		| length != 1) | $target.name'
none "no spool is deleted by Kubernetes" '
	.[] | select(.kind == "StatefulSet") | select(.spec.persistentVolumeClaimRetentionPolicy
		!= {whenScaled: "Retain", whenDeleted: "Retain"}) | .metadata.name'
none "each part of a worker has its probes and its hook" '
	containers | select(.container.name == "capture" or .container.name == "store")
	| select(.container | .startupProbe.exec and .livenessProbe.exec and .readinessProbe.exec and .lifecycle.preStop.exec
		| not) | named'
is "the metric of the autoscaler is that of the adapter" \
	"$(jq -r '.[] | select(.kind == "HorizontalPodAutoscaler") | .spec.metrics[].pods.metric.name' "$work/base.json")" \
	"$(yq -r '.[].name.as' prometheus-adapter.yaml)"
grace=$(jq '.[] | select(.kind == "StatefulSet") | .spec.template.spec.terminationGracePeriodSeconds' "$work/base.json")
within=$(sed -n 's/^WITHIN=//p' base/worker.env)
check "a worker has the time to leave" test $((within + 30)) -le "$grace"

# What is replaced in arguments is set, by the container or by worker.env.
known=$(sed -n 's/^\([A-Z_]*\)=.*/"\1"/p' base/worker.env | paste -sd,)
none "variables of arguments and environments are known" "
	containers | . as \$c | [.container | .args[]?, .env[]?.value // empty] | join(\" \") | scan(\"\\\\\$\\\\(([A-Z_]+)\\\\)\")[0]
	| select(. as \$name | [$known, \$c.container.env[]?.name] | index(\$name) | not)"
# Options are those of the tools; scripts pass theirs on.
options=0
while IFS=$'\t' read -r tool option; do
	options=$((options + 1))
	$tool --help | grep -Eq -e "(^|[ ,])$option([ =,]|$)" || flunk "$tool has no $option"
done < <(jq -r "$common containers | .container | ({capture: \"mqtt-sub5\", \"tsdb-admin\": \"tsdb-admin\"}[.name] // empty) as \$tool
	| .args[]? | select(startswith(\"-\")) | [\$tool, .] | @tsv" "$work/base.json")
is "options of arguments are looked at" "$options" 8
for option in $(sed -n 's/^CAPTURE_OPTIONS=//p' base/worker.env | grep -o -e '--[a-z-]*'); do
	check "mqtt-sub5 has $option" eval "mqtt-sub5 --help | grep -q -e ' $option '"
done

# The libraries that the tools name are in the packages of the image.
wanted=$("$root/pipelines/packages" --list image | sort)
linked() {
	for tool in "$BIN"/*; do objdump -p "$tool" | sed -n 's/^ *NEEDED *//p'; done | sort -u |
		grep -vE '^(libc|libm|ld-linux-.*|libgcc_s|libstdc\+\+|libresolv)\.' |
		while read -r library; do dpkg -S "*/$library"; done | cut -d: -f1 | sort -u
}
is "no library of the tools is missing in the image" "$(comm -23 <(linked) <(echo "$wanted"))" ""
for name in $(sed -n 's/^COPY \([a-zA-Z. ]*\) .*/\1/p' Containerfile); do
	check "the Containerfile's $name is there" test -e "$root/$name"
done

if ! command -v kubectl >/dev/null; then
	skip "overlays" "kubectl is not installed"
	finish
fi
for overlay in example emqx hivemq; do
	check "overlay $overlay" kubectl kustomize overlays/$overlay
	sed -E 's|name: sensorpipe-[a-z0-9]{10}$|name: sensorpipe-HASH|' "$work/out" >"$work/$overlay.yaml"
	is "its image has a version" "$(grep -o 'image: .*' "$work/$overlay.yaml" | sort -u | wc -l) $(grep -c 'image: .*:[0-9]' "$work/$overlay.yaml")" "1 9"
	is "its namespace is everywhere" "$(yq -r 'select(.kind != "Namespace") | .metadata.namespace' "$work/$overlay.yaml" | sort -u)" sensorpipe
done
is "brokers differ by nothing but where they are" "$(diff "$work/emqx.yaml" "$work/hivemq.yaml" | grep -c '^[<>]') $(diff "$work/emqx.yaml" "$work/hivemq.yaml" | grep -c 'BROKER:')" "2 2"
finish
