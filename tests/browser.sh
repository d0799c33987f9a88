#!/usr/bin/env bash
# Installs Debian's Chromium, which the browser tests of tests/Inpaint.Web.Tests drive. Needs root.
set -euo pipefail
if command -v chromium >/dev/null; then exit 0; fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
