#!/usr/bin/env bash
# Seeds known mistakes, one at a time, into a scratch copy of the tree and asks the tests to fail. A test suite that stays green over a broken
# product proves nothing; this shows that it doesn't.
#   tests/defects/run.sh          all of tests/defects/*.patch
#   tests/defects/run.sh 01 07    those whose names begin so
# A patch names in its header what catches it, for example:
#   Caught-by: Tidings.Tests *FirstPassTests *SimulationTests
# The last line is: k of k seeded defects caught
#
# Everything is built once. A mistake is built by its own project alone and its assembly put where the tests load it, which is sound where the
# assembly shows the others the same face as before; where it doesn't, the tests are built anew.
set -uo pipefail
shopt -s nullglob
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export TIDINGS_SEQUENCES=${TIDINGS_SEQUENCES:-40} TIDINGS_KILLS=${TIDINGS_KILLS:-3} TIDINGS_SEED=${TIDINGS_SEED:-1}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
seconds_max=${TIDINGS_DEFECT_SECONDS:-600}
# Half a mistake often leaves a variable unused: that is not the point here.
build_options=(-c Debug -v quiet -nologo -p:TreatWarningsAsErrors=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false
    -p:GenerateDocumentationFile=false)

patches=()
if (($# == 0)); then
    patches=("$PWD"/tests/defects/*.patch)
else
    for name in "$@"; do
        patches+=("$PWD/tests/defects/$name"*.patch)
    done
fi
((${#patches[@]} > 0)) || { echo "no such patch: $*" >&2; exit 2; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - | tar -x -C "$scratch"
cd "$scratch"
# The copy is no repository, wherever it lies: patches apply to the folder.
export GIT_CEILING_DIRECTORIES=$scratch

catcher() { sed -n 's/^Caught-by: *//p' "$1" | head -n 1; }

# The names of the projects under src that a patch changes.
touched() { sed -n 's,^+++ b/src/\([^/]*\)/.*,\1,p' "$1" | sort -u; }

# Runs test classes of a project; sets failures to what its runner counted, or to nothing where it ended without a count.
run() {
    local project=$1 filters=() class output=$scratch/output
    shift
    for class in "$@"; do
        filters+=(-class "$class")
    done
    timeout --kill-after=10 "$seconds_max" "tests/$project/bin/Debug/net10.0/$project" -noColor -noLogo "${filters[@]}" >"$output" 2>&1
    failures=$(sed -nE 's/^ *'"$project"' +Total: [1-9][0-9]*, Errors: ([0-9]+), Failed: ([0-9]+),.*/\1 + \2/p' "$output" | tail -n 1)
    failures=${failures:+$((failures))}
}

build() { dotnet build "$1" "${build_options[@]}" "${@:2}" >"$scratch/build" 2>&1; }

face() { sha256sum <"src/$1/obj/Debug/net10.0/ref/$1.dll"; }

# Puts a patch's mistake where the tests of a project load it from.
seed() {
    local project=$1 name
    shift
    for name in "$@"; do
        build "src/$name" --no-restore --no-dependencies || return
    done
    for name in "$@"; do
        if [[ $(face "$name") != "$(<"$scratch/faces/$name")" ]]; then
            build "tests/$project" --no-restore
            return
        fi
        cp "src/$name/bin/Debug/net10.0/$name.dll" "tests/$project/bin/Debug/net10.0/$name.dll"
    done
}

# What is to catch the mistakes has to pass without them.
mkdir "$scratch/faces" "$scratch/built"
mapfile -t projects < <(for patch in "${patches[@]}"; do catcher "$patch" | cut -d' ' -f1; done | sort -u)
for project in "${projects[@]}"; do
    mapfile -t classes < <(for patch in "${patches[@]}"; do catcher "$patch" | grep "^$project " | tr ' ' '\n' | tail -n +2; done | sort -u)
    if ! build "tests/$project"; then
        cat "$scratch/build"
        echo "the tree doesn't build: $project"
        exit 1
    fi
    cp -a "tests/$project/bin/Debug/net10.0" "$scratch/built/$project"
    run "$project" "${classes[@]}"
    if [[ $failures != 0 ]]; then
        cat "$scratch/output"
        echo "without any defect, $project already fails: ${classes[*]}"
        exit 1
    fi
    echo "$project passes without a defect: ${classes[*]}"
done
for project in src/*/; do
    name=$(basename "$project")
    [[ -f src/$name/obj/Debug/net10.0/ref/$name.dll ]] && face "$name" >"$scratch/faces/$name"
done

caught=0
for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch)
    began=$SECONDS
    read -ra catchers < <(catcher "$patch")
    mapfile -t names < <(touched "$patch")
    if ! git apply "$patch" 2>"$scratch/build"; then
        verdict="NOT CAUGHT: the patch does not apply: $(head -n 1 "$scratch/build")"
    elif ! seed "${catchers[0]}" "${names[@]}"; then
        verdict="NOT CAUGHT: it does not build: $(grep -m 1 'error' "$scratch/build")"
    else
        run "${catchers[@]}"
        if [[ -z $failures ]]; then
            verdict="NOT CAUGHT: the tests ended without a count"
        elif ((failures == 0)); then
            verdict="NOT CAUGHT: ${catchers[*]} pass"
        else
            verdict="caught by $(sed -nE 's/^ +Tidings\.[A-Za-z.]*\.([A-Za-z]+\.[A-Za-z0-9_]+).* \[FAIL\]$/\1/p' "$scratch/output" | head -n 1)"
            caught=$((caught + 1))
        fi
    fi
    # Back to the tree as it was, and to what was built from it. A mistake's own assembly is older than the file that replaces its source.
    git apply --reverse "$patch" 2>/dev/null
    rm -rf "tests/${catchers[0]}/bin/Debug/net10.0"
    cp -a "$scratch/built/${catchers[0]}" "tests/${catchers[0]}/bin/Debug/net10.0"
    echo "$name ($((SECONDS - began)) s): $verdict"
done
echo "$caught of ${#patches[@]} seeded defects caught"
((caught == ${#patches[@]}))
