# amphi: `make run` serves a sample congress, `make check` runs every test.
# BUILD names the folder for objects; SAN=address,undefined or SAN=thread makes a sanitised build of its own.
SAN ?=
BUILD ?= build/$(if $(SAN),san-$(subst $(eval ) ,-,$(subst $(comma),-,$(SAN))),release)
comma := ,
CC ?= gcc
PKGS := jansson libsodium libuv libwebsockets openssl libpq libcurl libical libseccomp
RENDER_PKGS := poppler-glib cairo libwebp libseccomp
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
CFLAGS_ALL = -std=gnu17 -O2 -g -fno-omit-frame-pointer -D_GNU_SOURCE -Iserver -I$(BUILD) $(WARN) \
    $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
    $(shell pkg-config --cflags $(PKGS) | sed 's/-I\//-isystem \//g') $(CFLAGS)
LDFLAGS_ALL = $(if $(SAN),-fsanitize=$(SAN)) $(LDFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS)) -linih -lpthread -lm

LIB_SRC := $(wildcard server/base/*.c server/crypto/*.c server/loop/*.c server/net/*.c server/http/*.c \
    server/db/*.c server/blob/*.c server/mail/*.c server/bus/*.c server/room/*.c server/features/*/*.c) \
    $(filter-out server/main.c,$(wildcard server/*.c)) $(wildcard server/render/client*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
HELPER_SRC := $(wildcard server/render/helper*.c)
UNIT := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*_test.c tests/integration/*_test.c))

.PHONY: all
all: $(BUILD)/amphi $(BUILD)/amphi-render

$(BUILD)/amphi: $(BUILD)/server/main.o $(BUILD)/libamphi.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/libamphi.a: $(LIB_OBJ)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/amphi-render: $(HELPER_SRC) $(BUILD)/libamphi.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(shell pkg-config --cflags $(RENDER_PKGS) | sed 's/-I\//-isystem \//g') $(LDFLAGS_ALL) -o $@ $(HELPER_SRC) \
	    $(BUILD)/libamphi.a $(shell pkg-config --libs $(RENDER_PKGS)) -ljansson -lsodium -lpthread -lm

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: tests/%.c $(wildcard tests/harness/*.c) $(BUILD)/libamphi.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Itests -MMD -MP -MF $@.d $(LDFLAGS_ALL) -o $@ $< $(wildcard tests/harness/*.c) \
	    $(BUILD)/libamphi.a $(LIBS) $(shell pkg-config --libs check)

.PHONY: unit
unit: $(UNIT)
	@for t in $(UNIT); do $$t || exit 1; done

.PHONY: clean
clean:
	rm -rf build web/dist

-include $(shell find build -name '*.d' 2>/dev/null)
