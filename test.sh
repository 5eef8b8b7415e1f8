#!/usr/bin/env bash
# Builds everything once and runs every test project. The last line is the sum of the runners' own counts:
#   N passed, N failed, N skipped
# Arguments go to each runner, for example: ./test.sh -class "*Tidy*". CONTRIBUTING.md lists what the environment can set.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# A runner that hangs is a failure, not a wait.
seconds_max=${TIDINGS_TEST_SECONDS:-1800}
passed=0 failed=0 skipped=0 status=0

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    exit "$status"
}

lose() {
    echo "test.sh: $1" >&2
    failed=$((failed + 1)) status=1
}

run() {
    local project=$1 name output code counts
    shift
    name=$(basename "$project")
    output=$(mktemp)
    timeout --kill-after=10 "$seconds_max" "$project/bin/Release/net10.0/$name" -noColor -noLogo "$@" 2>&1 | tee "$output"
    code=${PIPESTATUS[0]}
    counts=$(sed -nE -e 's/^ *'"$name"' +Total: 0$/0 0 0 0 0/p' \
        -e 's/^ *'"$name"' +Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+),.*/\1 \2 \3 \4 \5/p' \
        "$output" | tail -n 1)
    rm -f "$output"
    if [[ -z $counts ]]; then
        lose "$name ended with code $code and without a count"
        return
    fi

    local total errors failures skips not_run
    read -r total errors failures skips not_run <<<"$counts"
    passed=$((passed + total - failures - skips - not_run))
    failed=$((failed + failures + errors))
    skipped=$((skipped + skips))
    ((failures + errors == 0)) || status=1
    if ((code != 0 && failures + errors == 0)); then
        lose "$name ended with code $code though it counts no failure"
    elif ((total - not_run == 0 && $# == 0)); then
        lose "$name ran no test"
    fi
}

if ! dotnet build Tidings.slnx -c Release -v quiet -nologo; then
    lose "the build failed"
    finish
fi
for project in tests/*/*.csproj; do
    run "$(dirname "$project")" "$@"
done
((passed + failed + skipped > 0)) || lose "no test ran"
finish
