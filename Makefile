.DEFAULT_GOAL := help
.PHONY: help secrets build start stop restart logs format

help: ## says what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Those that .env lacks.
secrets:
	@scripts/stack secrets

build: secrets ## builds the images
	docker compose build

start: secrets ## starts the service and all that it needs, waits until they are ready, and says where to sign in
	docker compose up --detach --wait
	@scripts/stack places

stop: ## stops them and keeps the data
	docker compose down

restart: ## stops and starts them
	$(MAKE) stop
	$(MAKE) start

logs: ## follows what the service says
	docker compose logs --follow forum

format: ## formats the source
	npm run format
