# Everything a developer types. Needs make, git and Python 3.12 or newer; `make` alone lists the targets.
SHELL := bash
PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
WITH_ENGINES := $(PYTHON) -m config.local.engines exec
QUICK := not browser and not crawl and not load and not slow
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-code run shell manage migrate test test-all fuzz bench chaos backup restore check lock upgrade messages clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

setup: ## Make .venv and compile the translations (every other target does this first)
	@scripts/setup

demo: setup ## Start everything with demo data, print the addresses and sign-ins; Ctrl-C stops it
	@exec $(PYTHON) -m config.local.supervisor demo

demo-code: ## The code that somebody of the demo signs in with now: make demo-code EMAIL=officer@demo.example
	@$(PYTHON) -m config.local.demo_code $(EMAIL)

run: setup ## The same for development: no demo data, error pages, reloading on change
	@exec $(PYTHON) -m config.local.supervisor run

shell: setup ## A Python shell with the models
	@exec $(WITH_ENGINES) -- $(MANAGE) shell

manage: setup ## Any command of Django: make manage do="showmigrations --plan"
	@exec $(WITH_ENGINES) -- $(MANAGE) $(do)

migrate: setup ## Bring the development database up to date, as the role that owns it
	@exec $(WITH_ENGINES) --owner -- $(MANAGE) migrate

test: setup ## The tests that need nothing but this checkout (under five minutes)
	@$(PYTHON) -m pytest -q -n logical -m "$(QUICK)"

test-all: setup ## Every test: browser, crawl and load too
	@$(PYTHON) -m pytest -q -n logical

fuzz: setup ## Over 20,000 hostile requests to every address and form; make fuzz SEED=… repeats a run
	@$(PYTHON) -m tests.fuzz $(SEED)

bench: setup ## Measure the pages; the figures also go to var/bench.json
	@$(PYTHON) -m bench $(do)

chaos: setup ## A day of 300 applications while parts are killed and clocks are wrong: make chaos do="--people 60"
	@$(PYTHON) -m chaos $(do)

check: setup ## Everything that reads the code without running it
	@scripts/check

lock: setup ## Write requirements/*.txt after a change of dependencies in pyproject.toml
	@scripts/lock

upgrade: setup ## The same, with the newest versions allowed
	@scripts/lock --upgrade

backup: setup ## Everything of this checkout's database and files in one new file: make backup to=FILE_OR_FOLDER
	@PRIVATE_FILES="$${PRIVATE_FILES:-$${MAINSTAY_VAR:-$(CURDIR)/var}/files}" exec $(WITH_ENGINES) --owner -- $(MANAGE) backup $(to)

restore: setup ## The same back into an empty place: make restore from=FILE (MAINSTAY_VAR says where)
	@PRIVATE_FILES="$${PRIVATE_FILES:-$${MAINSTAY_VAR:-$(CURDIR)/var}/files}" exec $(WITH_ENGINES) --owner -- $(MANAGE) restore $(from)

messages: setup ## Collect the texts to translate into locale/ (needs gettext)
	@$(PYTHON) -m scripts.extract_messages

clean: ## Delete what can be made again; the data under var/ stays
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete
