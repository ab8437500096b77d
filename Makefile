.DEFAULT_GOAL := help
.PHONY: help build start stop restart logs format

help: ## says what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## builds the image
	docker compose build

start: ## starts the service and its database, and waits until they are ready
	docker compose up --detach --wait

stop: ## stops them and keeps the data
	docker compose down

restart: ## stops and starts them
	$(MAKE) stop
	$(MAKE) start

logs: ## follows what the service says
	docker compose logs --follow forum

format: ## formats the source
	npm run format
