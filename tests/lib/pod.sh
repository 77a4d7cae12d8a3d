# Sourced by tests that run what the Kubernetes manifests say without Kubernetes: commands, arguments, environment and
# volumes of containers are taken from the YAML, as far as sensorpipe's manifests need it.
#
#   pods_begin                     reads pipelines/kubernetes/base to $base, a list in JSON; settings of worker.env are
#                                  replaced by lines of the file own.env
#   secret NAME KEY                writes standard input into that secret
#   pod POD CONTAINER WHERE [KIND NAME]
#                                  becomes the command of the container (of StatefulSet worker): WHERE is a path of
#                                  jq in it, such as .livenessProbe.exec.command; for the container itself
#                                  '.command + .args'. A process id 1 among its words is $pid1, and port 9108 $port
#
# A volume of a pod is the directory POD/VOLUME, that of a secret secrets/NAME, and the image $work/prefix. What is
# mounted below /run/metrics is below POD.

base=base.json

pods_begin() {
	mkdir -p prefix/bin prefix/share/sensorpipe secrets
	ln -s "$BIN"/* prefix/bin
	ln -s "$root"/pipelines/{capture,store,leave,probe,chain.sh} prefix/share/sensorpipe
	yq -s . "$root"/pipelines/kubernetes/base/{namespace,workers,scaling,network,database}.yaml >"$base"
	cat "$root/pipelines/kubernetes/base/worker.env" own.env | grep -v '^#' | grep . |
		jq -Rn '[inputs | capture("^(?<key>[^=]+)=(?<value>.*)$")] | from_entries' >env.json
}

secret() {
	mkdir -p "secrets/$1"
	(umask 027; cat >"secrets/$1/$2")
}

# The line of a shell that is the command, with paths as the container has them; see `pod`.
pod_line='
	def expand($env): gsub("\\$\\((?<name>[A-Z_]+)\\)"; $env[.name] // error("$(" + .name + ")"));
	(.[] | select(.kind == $kind and .metadata.name == $name)) as $object
	| ($object.spec.jobTemplate // $object | .spec.template.spec) as $spec
	| ($spec.initContainers + $spec.containers | map(select(.name == $container))[0]) as $c
	| reduce ($c.env // [])[] as $e (if $c.envFrom then $env[0] else {} end;
		. + {($e.name): (if $e.valueFrom then $pod else . as $so_far | $e.value | expand($so_far) end)})
	| . as $all
	| "exec env -i " + ([to_entries[] | .key + "=" + .value | @sh] | join(" ")) + " \"${image[@]}\" "
		+ ($c | [WHERE | .[] | expand($all) | @sh] | join(" "))'

pod() {
	local pod=$1 container=$2 kind=${4:-StatefulSet} name=${5:-worker} line volume path secret
	local image=(PATH="$work/prefix/bin:/usr/bin:/bin" LC_ALL=C.UTF-8 SENSORPIPE_SCHEMAS="$SENSORPIPE_SCHEMAS"
		ASAN_OPTIONS="$ASAN_OPTIONS" UBSAN_OPTIONS="$UBSAN_OPTIONS")
	local select=(--arg kind "$kind" --arg name "$name" --arg container "$container" --arg pod "$pod")
	line=$(jq -r "${select[@]}" --slurpfile env env.json "${pod_line/WHERE/$3}" "$base") || exit
	while IFS=$'\t' read -r path volume secret; do
		if [ -n "$secret" ]; then volume=$work/secrets/$secret; else volume=$work/$pod/$volume; fi
		mkdir -p "$volume"
		line=${line//$path/$volume}
	done < <(jq -r "${select[@]}" '
		(.[] | select(.kind == $kind and .metadata.name == $name)) as $object
		| ($object.spec.jobTemplate // $object | .spec.template.spec) as $spec
		| ($spec.initContainers + $spec.containers)[] | select(.name == $container)
		| .volumeMounts | sort_by(-(.mountPath | length))[] | .name as $volume
		| [.mountPath, $volume, ([$spec.volumes[] | select(.name == $volume) | .secret.secretName // empty][0] // "")]
		| @tsv' "$base")
	line=${line//\/run\/metrics/$work/$pod}
	line=${line//\/usr\/local\//$work/prefix/}
	line=${line//LISTEN:9108/LISTEN:${port:-9108}}
	eval "${line//\'1\'/${pid1:-1}}"
}
