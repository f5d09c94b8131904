#!/bin/sh
# Rule: what is shipped is built hardened: position independent, addresses bound at start and read-only after, no
# executable stack, stack protector, checked libc calls. Usage: hardening.sh PROGRAM...
set -eu
bad=0
miss() { echo "hardening: $1: $2"; bad=1; }
for program; do
    readelf -hW "$program" | grep -q 'Type: *DYN' || miss "$program" 'not position independent'
    readelf -dW "$program" | grep -q 'FLAGS_1.*NOW' || miss "$program" 'binds addresses late'
    readelf -lW "$program" | grep -q GNU_RELRO || miss "$program" 'no relro'
    readelf -lW "$program" | grep -Eq 'GNU_STACK.* RWE' && miss "$program" 'executable stack'
    nm -D "$program" | grep -q ' U __stack_chk_fail@' || miss "$program" 'no stack protector'
    nm -D "$program" | grep -q ' U __[a-z]*printf_chk@' || miss "$program" 'no checked libc calls'
done
[ "$bad" = 0 ] && echo 'hardening: clean'
exit "$bad"
