# sensorpipe: MQTT 5 sensor messages over pipes into TimescaleDB.
#
#   make demo      install what is missing, build, and show the chain at work (KEEP=1 leaves it running)
#   make check     install what is missing, build, and run every test
#
#   make           the tools, in build/bin
#   make install   to $(DESTDIR)$(PREFIX); make uninstall removes it again
#   make deb       Debian packages, in build/deb
#   make dist      the source as an archive, in build/dist
#   make reproducible   the packages twice, compared; make newcomer   installed in a fresh Debian, and used
#   make lint      format, static analysis, manual pages, layers
#   make fuzz      every fuzz target for FUZZ_SECONDS (60)
#   make fault     ROUNDS (10) of every fault, SEED
#   make bench     how fast it is, beside other ways: CASES, ROUNDS (3), SCALE (1)
#   make profile   where the time of each filter goes
#   make month     READINGS (10000000) through their life in the database, ENGINE (postgresql)
#   make firmware  DEVICES (50) fetch an image of SIZE (16777216) bytes while everything is killed, SEED
#   make fleet     CONNECTIONS (10000) of TLS 1.3 to a broker, a table of what they cost
#   make flood     BYTES (1000000000) of each kind of hostile input into each filter, and the memory it takes
#   make deps      install the Debian packages that are missing
#   make clean

VERSION = 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
UNIT_DIR ?= $(PREFIX)/lib/systemd/system
BASH_DIR ?= $(PREFIX)/share/bash-completion/completions
ZSH_DIR ?= $(PREFIX)/share/zsh/site-functions
JOBS    ?= $(shell nproc)

CC      ?= cc
CFLAGS  ?= -O2 -g
CPPFLAGS += -Ilib -I$(BUILD)/gen -D_GNU_SOURCE -DSENSORPIPE_VERSION='"$(VERSION)"' \
            -DSENSORPIPE_DATADIR='"$(PREFIX)/share/sensorpipe"'
ALL_CFLAGS = -std=c17 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
             -Wwrite-strings -Wvla -Wformat=2 -fno-math-errno -pthread $(CFLAGS)
ifneq ($(CI)$(WERROR),)
ALL_CFLAGS += -Werror
endif

# SANITIZE=1: AddressSanitizer and UndefinedBehaviorSanitizer, by clang. FUZZ=1: the same with libFuzzer.
SAN = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
ifdef SANITIZE
CC = clang
ALL_CFLAGS += $(SAN)
LDFLAGS += -fsanitize=address,undefined
endif
ifdef FUZZ
CC = clang
ALL_CFLAGS += $(SAN) -fsanitize=fuzzer-no-link
LDFLAGS += -fsanitize=address,undefined
endif
ifeq ($(origin CC),default)
CC = gcc
endif

TOOLS     := $(sort $(notdir $(patsubst %/main.c,%,$(wildcard cmd/*/main.c))))
LIB_SRC   := $(sort $(wildcard lib/*/*.c))
CMD_SRC   := $(sort $(wildcard cmd/*/*.c cmd/*/*/*.c))
UNIT_SRC  := $(sort $(wildcard tests/unit/*.c tests/unit/*/*.c))
HELPER_SRC := $(sort $(wildcard tests/helper/*.c))
FLEET_SRC := $(sort $(wildcard tests/helper/load/*.c))
FUZZ_SRC  := $(sort $(wildcard tests/fuzz/*.c tests/fuzz/*/*.c))
ALL_SRC   := $(LIB_SRC) $(CMD_SRC) $(UNIT_SRC) $(HELPER_SRC) $(FLEET_SRC) $(FUZZ_SRC)
ALL_HDR   := $(sort $(wildcard lib/*/*.h cmd/*/*.h cmd/*/*/*.h tests/*/*.h tests/*/*/*.h))
MAN       := $(sort $(wildcard man/*.[1-9]))

GEN_PROTO := $(patsubst lib/payload/%.proto,$(BUILD)/gen/payload/%.pb-c,$(wildcard lib/payload/*.proto))
LIB       := $(BUILD)/libsensorpipe.a
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o) $(GEN_PROTO:=.o)
UNIT_BIN  := $(UNIT_SRC:%.c=$(BUILD)/%)
HELPER_BIN := $(HELPER_SRC:%.c=$(BUILD)/%)
SHIM      := $(BUILD)/tests/fault/shim.so
FUZZ_BIN  := $(FUZZ_SRC:%.c=$(BUILD)/%)
SHARE     := $(MAN:%=$(BUILD)/share/%) $(BUILD)/share/units/rendered \
             $(patsubst %,$(BUILD)/share/bash/%,$(TOOLS) host-sensors) \
             $(patsubst %,$(BUILD)/share/zsh/_%,$(TOOLS) host-sensors)

# Libraries by the tools that need them. Paho has no .pc file.
PKG_CONFIG ?= pkg-config
PC_CFLAGS  := $(shell $(PKG_CONFIG) --cflags libpq libcjson libprotobuf-c libcbor libpcre2-8 2>/dev/null)
MQTT_LIBS   = -lpaho-mqtt3as $(shell $(PKG_CONFIG) --libs libssl libcrypto)
PG_LIBS     = $(shell $(PKG_CONFIG) --libs libpq)
CJSON_LIBS  = $(shell $(PKG_CONFIG) --libs libcjson)
PROTO_LIBS  = $(shell $(PKG_CONFIG) --libs libprotobuf-c)
CBOR_LIBS   = $(shell $(PKG_CONFIG) --libs libcbor)
PCRE_LIBS   = $(shell $(PKG_CONFIG) --libs libpcre2-8)
PACK_LIBS   = $(shell $(PKG_CONFIG) --libs zlib libzstd)
CRYPTO_LIBS = $(shell $(PKG_CONFIG) --libs libcrypto)
LIBS_mqtt-sub5       = $(MQTT_LIBS)
LIBS_mqtt-pub5       = $(MQTT_LIBS)
LIBS_mqtt-replay     = $(PACK_LIBS)
LIBS_sensor-sim      = $(PROTO_LIBS) -lm
LIBS_sensor-decode   = $(PROTO_LIBS) $(CBOR_LIBS) $(PACK_LIBS)
LIBS_sensor-validate = $(PCRE_LIBS) -lm
LIBS_sensor-anomaly  = -lm
LIBS_tsdb-copy       = $(PG_LIBS) -lm
LIBS_tsdb-admin      = $(PG_LIBS)
LIBS_tsdb-query      = $(PG_LIBS) -lm
LIBS_fw-sign         = $(CRYPTO_LIBS)
LIBS_fw-serve        = $(CRYPTO_LIBS)
LIBS_fw-fetch        = $(CRYPTO_LIBS)
LIBS_cjson-loop      = $(CJSON_LIBS)
LIBS_fleet           = $(shell $(PKG_CONFIG) --libs libssl libcrypto)
LIBS_anomaly-series   = -lm
LIBS_anomaly-baseline = -lm
LIBS_anomaly-judge    = -lm

.PHONY: all
all: $(TOOLS:%=$(BUILD)/bin/%) $(SHARE)

# ---- building ----

# V=1 shows the commands; make -s nothing.
Q   := $(if $(V),,@)
say  = @$(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),:,printf '  %-4s %s\n' $(1) $@)

# Says which package is missing before the compiler would say which header.
$(BUILD)/configured: pipelines/packages
	@pipelines/packages --require build
	@mkdir -p $(@D) && touch $@

# The version and the data directory are compiled in: what names them is made again when they are others.
PLACE = $(VERSION) $(PREFIX) $(UNIT_DIR)
$(BUILD)/place: FORCE
	@mkdir -p $(@D)
	@echo '$(PLACE)' | cmp -s - $@ || echo '$(PLACE)' >$@
$(BUILD)/lib/base/opt.o $(BUILD)/cmd/sensor-validate/options.o: $(BUILD)/place
.PHONY: FORCE
FORCE:

$(BUILD)/gen/payload/%.pb-c.c: lib/payload/%.proto | $(BUILD)/configured
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)protoc-c --c_out=$(@D) --proto_path=lib/payload $<

$(BUILD)/gen/sql.c: sql/embed $(wildcard sql/*/*.sql)
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)sql/embed sql >$@.tmp && mv $@.tmp $@

# Changed only with the number in it.
$(BUILD)/gen/schema_version.h: sql/newest $(wildcard sql/*/*.sql)
	@mkdir -p $(@D)
	$(Q)sql/newest sql >$@.tmp
	$(Q)if cmp -s $@.tmp $@; then rm $@.tmp; else mv $@.tmp $@; fi

$(BUILD)/%.o: %.c | $(BUILD)/configured $(GEN_PROTO:=.c) $(BUILD)/gen/schema_version.h
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(PC_CFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) -I. $(PC_CFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(call say,AR)
	$(Q)$(AR) rcs $@ $^

# A tool is its main.o and an archive of its other objects, which its unit tests link too.
define TOOL_RULES
$$(BUILD)/cmd/$(1)/%.o $$(BUILD)/tests/unit/$(1)/%.o $$(BUILD)/tests/fuzz/$(1)/%.o: CPPFLAGS += -Icmd/$(1)
OBJ_$(1) := $$(patsubst %.c,$$(BUILD)/%.o,$$(filter-out %/main.c,$$(wildcard cmd/$(1)/*.c cmd/$(1)/*/*.c)))
ifeq ($(1),tsdb-admin)
OBJ_$(1) += $$(BUILD)/gen/sql.o
endif
$$(BUILD)/cmd/$(1)/tool.a: $$(OBJ_$(1))
	@mkdir -p $$(@D) && rm -f $$@
	$$(call say,AR)
	$$(Q)$$(AR) rcs $$@ $$^
$$(BUILD)/bin/$(1): $$(BUILD)/cmd/$(1)/main.o $$(BUILD)/cmd/$(1)/tool.a $$(LIB)
	@mkdir -p $$(@D)
	$$(call say,LD)
	$$(Q)$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LIBS_$(1))
$$(BUILD)/tests/unit/$(1)/%: $$(BUILD)/tests/unit/$(1)/%.o $$(BUILD)/cmd/$(1)/tool.a $$(LIB)
	$$(call say,LD)
	$$(Q)$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LIBS_$(1)) -lcmocka -lm
$$(BUILD)/tests/fuzz/$(1)/%: $$(BUILD)/tests/fuzz/$(1)/%.o $$(BUILD)/cmd/$(1)/tool.a $$(LIB)
	$$(call say,LD)
	$$(Q)$$(CC) $$(ALL_CFLAGS) -fsanitize=fuzzer,address,undefined -o $$@ $$^ $$(LIBS_$(1))
endef
$(foreach tool,$(TOOLS),$(eval $(call TOOL_RULES,$(tool))))

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(LIB)
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(PG_LIBS) $(PACK_LIBS) $(CRYPTO_LIBS) -lm
$(BUILD)/tests/helper/%: $(BUILD)/tests/helper/%.o $(LIB)
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_$*)
$(BUILD)/tests/helper/fleet: $(FLEET_SRC:%.c=$(BUILD)/%.o)
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIB)
	$(call say,LD)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $^ $(CRYPTO_LIBS)

# Preloaded into the tools, whatever they are built with: without sanitizers.
$(SHIM): tests/fault/shim.c | $(BUILD)/configured
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) -D_GNU_SOURCE $(filter-out $(SAN),$(ALL_CFLAGS)) -fPIC -shared -o $@ $<

# Manual pages and units name where things are; completions are made from what the tools say of themselves.
$(BUILD)/share/man/%: man/% $(BUILD)/place
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)sed -e 's|^\.Os$$|.Os sensorpipe $(VERSION)|' \
		-e 's|/usr/local/lib/systemd/system|$(UNIT_DIR)|g' -e 's|/usr/local|$(PREFIX)|g' $< >$@

$(BUILD)/share/units/rendered: $(wildcard pipelines/systemd/*) $(BUILD)/place
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)pipelines/systemd/render $(PREFIX) $(@D) && touch $@

COMPLETION := packaging/completion packaging/completion.awk
define complete
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)packaging/completion $(1) $< >$@.tmp && mv $@.tmp $@
endef
$(BUILD)/share/bash/host-sensors: pipelines/host-sensors $(COMPLETION)
	$(call complete,bash)
$(BUILD)/share/bash/%: $(BUILD)/bin/% $(COMPLETION)
	$(call complete,bash)
$(BUILD)/share/zsh/_host-sensors: pipelines/host-sensors $(COMPLETION)
	$(call complete,zsh)
$(BUILD)/share/zsh/_%: $(BUILD)/bin/% $(COMPLETION)
	$(call complete,zsh)

# ---- running ----

.PHONY: deps demo unit-binaries fuzz-binaries check check-only fuzz fault month firmware fleet flood bench profile lint install install-only uninstall dist deb reproducible newcomer clean
deps:
	pipelines/packages --install build run

demo:
	pipelines/packages --install build run
	$(MAKE) -j$(JOBS) all
	BIN=$(abspath $(BUILD))/bin KEEP=$(KEEP) pipelines/demo

unit-binaries: $(UNIT_BIN) $(HELPER_BIN) $(SHIM)
fuzz-binaries: $(FUZZ_BIN)

check:
	pipelines/packages --install build run check $(if $(CI),lint timescaledb promtool)
	$(MAKE) check-only

# The test suite on what is installed: with the plain build (gcc), then with the sanitizers (clang).
check-only:
	$(MAKE) -j$(JOBS) WERROR=1 all unit-binaries
	$(MAKE) -j$(JOBS) WERROR=1 SANITIZE=1 BUILD=build/sanitize all unit-binaries
	$(MAKE) -j$(JOBS) WERROR=1 FUZZ=1 BUILD=build/fuzz fuzz-binaries
	tests/run build build/sanitize

fuzz:
	$(MAKE) -j$(JOBS) FUZZ=1 BUILD=build/fuzz fuzz-binaries
	tests/fuzz/run $(or $(FUZZ_SECONDS),60)

fault:
	pipelines/packages --install build run check
	$(MAKE) -j$(JOBS) all $(SHIM)
	BIN=$(abspath $(BUILD))/bin tests/fault/run $(or $(ROUNDS),10) $(SEED)

month:
	pipelines/packages --install build run check $(if $(filter timescaledb,$(ENGINE)),timescaledb)
	$(MAKE) -j$(JOBS) all $(HELPER_BIN)
	BIN=$(abspath $(BUILD))/bin tests/load/month $(or $(READINGS),10000000) $(ENGINE)

firmware:
	pipelines/packages --install build run check
	$(MAKE) -j$(JOBS) all
	BIN=$(abspath $(BUILD))/bin tests/load/firmware $(or $(DEVICES),50) $(or $(SIZE),16777216) $(SEED)

fleet:
	pipelines/packages --install build run check
	$(MAKE) -j$(JOBS) all $(BUILD)/tests/helper/fleet
	BIN=$(abspath $(BUILD))/bin tests/load/fleet $(or $(CONNECTIONS),10000) $(MESSAGES) $(RATE)

flood:
	pipelines/packages --install build run check
	$(MAKE) -j$(JOBS) all
	BIN=$(abspath $(BUILD))/bin tests/load/flood $(BYTES)

# CASES, ROUNDS, SCALE: see tests/bench/run.
bench:
	pipelines/packages --install build run check bench
	$(MAKE) -j$(JOBS) all unit-binaries
	BIN=$(abspath $(BUILD))/bin OUT=$(abspath $(BUILD))/bench tests/bench/run $(CASES)

profile:
	pipelines/packages --install build bench
	$(MAKE) -j$(JOBS) all
	BIN=$(abspath $(BUILD))/bin OUT=$(abspath $(BUILD))/bench tests/bench/profile

lint:
	pipelines/packages --install build check lint
	$(MAKE) -j$(JOBS) all
	prove -j$(JOBS) tests/lint

# What is installed, and removed again: see packaging/files.
place = TOOLS='$(TOOLS)' BUILD='$(BUILD)' PREFIX='$(PREFIX)' UNIT_DIR='$(UNIT_DIR)' \
        BASH_DIR='$(BASH_DIR)' ZSH_DIR='$(ZSH_DIR)' packaging/install
install: all
	@$(MAKE) --no-print-directory install-only
# Only of what is built.
install-only:
	@echo "  installing to $(DESTDIR)$(PREFIX)"
	$(Q)$(place) '$(DESTDIR)'
uninstall:
	@echo "  removing from $(DESTDIR)$(PREFIX)"
	$(Q)$(place) --remove '$(DESTDIR)'

dist:
	packaging/dist $(VERSION) $(BUILD)/dist

deb: dist
	pipelines/packages --install build deb
	packaging/deb $(VERSION) $(BUILD)/dist/sensorpipe-$(VERSION).tar.gz $(abspath $(BUILD))/deb

reproducible:
	pipelines/packages --install build deb
	tests/load/reproducible

# In a Debian of its own: as root. BASE keeps it for the next time.
newcomer:
	tests/load/newcomer $(BASE)

clean:
	rm -rf build $(BUILD)

# Keep objects: they are wanted again.
.SECONDARY:
-include $(ALL_SRC:%.c=$(BUILD)/%.d)
