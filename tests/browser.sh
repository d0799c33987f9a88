#!/usr/bin/env bash
# Installs Debian's Chromium for the browser tests in tests/Inpaint.Web.Tests. Needs root.
set -euo pipefail
if command -v chromium >/dev/null; then exit 0; fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
