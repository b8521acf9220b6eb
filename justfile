# `just` lists the commands. It is installed with the developers' tools: `./run setup`, then
# `.venv/bin/just`, or put .venv/bin on your path.

set positional-arguments

export PATH := justfile_directory() / ".venv/bin" + ":" + env("PATH")
export LINEOFSIGHT_HOME := env("LINEOFSIGHT_HOME", justfile_directory() / "var")

_list:
    @just --list --unsorted

# virtual environment, dependencies, local pre-commit hook
setup:
    ./run setup
    git rev-parse --git-dir >/dev/null 2>&1 && pre-commit install || true

# synthetic authority, loaded and browsable in one step
demo *args:
    ./run "$@"

# web service
run *args: _installed
    lineofsight serve "$@"

# reader of waiting deliveries
work *args: _installed
    lineofsight work "$@"

# the quick tests: unit, spec, service, contracts, or the path given
test *args: _installed
    #!/bin/sh
    set -eu
    if [ $# -eq 0 ]; then
        for kind in support unit spec service contracts; do
            if [ -d "tests/$kind" ]; then set -- "$@" "tests/$kind"; fi
        done
        set -- -m "not slow and not browser" -n 2 --dist worksteal "$@"
    fi
    exec python -m pytest "$@"

# n generated histories give the same rows and counts on every engine
test-agreement n="500" *args: _installed
    #!/bin/sh
    set -eu
    examples=${1:-500}
    [ $# -eq 0 ] || shift
    exec python -m pytest tests/agreement --examples "$examples" "$@"

# headless browser and command-line stories
test-journeys *args: _installed
    python -m pytest tests/journeys "$@"

# branch coverage below the service, which is to be complete
coverage: _installed
    #!/bin/sh
    set -eu
    for kind in support unit spec agreement contracts; do
        if [ -d "tests/$kind" ]; then set -- "$@" "tests/$kind"; fi
    done
    coverage erase
    coverage run -m pytest --examples 100 "$@"
    coverage combine --quiet
    coverage report --omit "lineofsight/service/*" --fail-under 100

# style, types, the dependency rule, migrations and generated docs in step: runs all, then counts failures
check: _installed
    #!/bin/sh
    # Nothing here touches a database or home of yours.
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    export LINEOFSIGHT_HOME="$scratch" DATABASE_URL="sqlite://:memory:"
    export DJANGO_SETTINGS_MODULE=lineofsight.service.settings
    failed=0
    names=
    step() {
        name=$1
        shift
        printf '\n--- %s\n' "$name"
        "$@" && return
        failed=$((failed + 1))
        names="$names${names:+, }$name"
    }
    step "style (ruff)" ruff check --output-format concise .
    step "format (ruff)" ruff format --check --output-format concise .
    step "types (mypy)" mypy
    step "the dependency rule (import-linter)" lint-imports --no-logo
    step "migrations in step" python -m django makemigrations --check --dry-run
    step "generated docs in step" python -m docs.generate --check
    printf '\n'
    if [ "$failed" -gt 0 ]; then
        printf 'check: %s failed: %s\n' "$failed" "$names"
        exit 1
    fi
    printf 'check: all in order\n'

# everything mechanical
fix: _installed
    ruff check --fix .
    ruff format .

# regenerate the reference pages
docs: _installed
    python -m docs.generate

# how long things take, each beside a plain way to do the same (--small: only whether the benchmarks still run)
bench *args: _installed
    python -m benchmarks "$@"

# hold the locks against known vulnerabilities, where a database of them can be reached
audit: _installed
    #!/bin/sh
    set -u
    for lock in requirements.lock requirements-dev.lock requirements-build.lock; do
        said=$(uvx --quiet pip-audit --disable-pip --require-hashes -r "$lock" 2>&1)
        left=$?
        case $said in
        *"No known vulnerabilities"*) printf '%s: %s\n' "$lock" "no known vulnerabilities" ;;
        *[Ff]ound*vulnerabilit*) printf '%s:\n%s\n' "$lock" "$said"; exit 1 ;;
        *) printf '%s: skipped: pip-audit, or its database of vulnerabilities, cannot be reached (%s)\n' "$lock" "$left" ;;
        esac
    done

# a tar that installs without a network, into dist/ or the folder given
bundle *args: _installed
    packaging/make-bundle "$@"

# check and all tests, as continuous integration runs them
ci:
    .ci/run

# write both locks anew, at the newest versions that the lists allow
lock: _installed
    #!/bin/sh
    set -eu
    for list in requirements requirements-dev requirements-build; do
        # pip takes `coverage[toml]` from a lock only where it is written with its extra
        uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --upgrade \
            --no-header --no-emit-index-url --no-emit-find-links "$list.in" -o "$list.lock"
    done

_installed:
    @./run setup
