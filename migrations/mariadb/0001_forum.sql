CREATE TABLE `comments` (
	`id` binary(16) NOT NULL,
	`post_id` binary(16) NOT NULL,
	`owner_id` binary(16) NOT NULL,
	`text` longtext NOT NULL,
	`version` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `comments_pkey` PRIMARY KEY(`id`),
	CONSTRAINT `comments_version_check` CHECK(`version` > 0)
) CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE TABLE `idempotency_keys` (
	`user_id` binary(16) NOT NULL,
	`key` varchar(255) NOT NULL,
	`fingerprint` longtext NOT NULL,
	`token` binary(16) NOT NULL,
	`answer` longtext,
	`reserved_until` datetime(3) NOT NULL,
	`expires_at` datetime(3) NOT NULL,
	CONSTRAINT `idempotency_keys_pkey` PRIMARY KEY(`user_id`,`key`)
) CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE TABLE `inbox` (
	`consumer` varchar(255) NOT NULL,
	`id` varchar(255) NOT NULL,
	`subject` varchar(255) NOT NULL,
	`version` int NOT NULL,
	`digest` longtext NOT NULL,
	`handled_at` datetime(3) NOT NULL,
	CONSTRAINT `inbox_pkey` PRIMARY KEY(`consumer`,`id`)
) CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE TABLE `notifications` (
	`id` binary(16) NOT NULL,
	`owner_id` binary(16) NOT NULL,
	`post_id` binary(16) NOT NULL,
	`comment_id` binary(16) NOT NULL,
	`author_id` binary(16) NOT NULL,
	`read_at` datetime(3),
	`created_at` datetime(3) NOT NULL,
	`number` int NOT NULL,
	CONSTRAINT `notifications_pkey` PRIMARY KEY(`id`),
	CONSTRAINT `notifications_owner_id_number_key` UNIQUE(`owner_id`,`number`)
) CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE TABLE `outbox` (
	`id` binary(16) NOT NULL,
	`type` longtext NOT NULL,
	`subject` binary(16) NOT NULL,
	`version` int NOT NULL,
	`time` datetime(3) NOT NULL,
	`data` longtext NOT NULL,
	`published_at` datetime(3),
	`schema_version` varchar(255) NOT NULL DEFAULT '1.0',
	CONSTRAINT `outbox_pkey` PRIMARY KEY(`id`),
	CONSTRAINT `outbox_version_check` CHECK(`version` > 0)
) CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE TABLE `outbox_lease` (
	`token` binary(16) NOT NULL,
	`until` datetime(3) NOT NULL,
	CONSTRAINT `outbox_lease_pkey` PRIMARY KEY(`token`)
) CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE TABLE `posts` (
	`id` binary(16) NOT NULL,
	`owner_id` binary(16) NOT NULL,
	`text` longtext NOT NULL,
	`version` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `posts_pkey` PRIMARY KEY(`id`),
	CONSTRAINT `posts_version_check` CHECK(`version` > 0)
) CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
CREATE TABLE `users` (
	`id` binary(16) NOT NULL,
	`username` longtext NOT NULL,
	`full_name` longtext,
	`email` longtext,
	`is_active` boolean NOT NULL,
	`removed_at` datetime(3),
	`version` int NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`updated_at` datetime(3) NOT NULL,
	CONSTRAINT `users_pkey` PRIMARY KEY(`id`),
	CONSTRAINT `users_version_check` CHECK(`version` > 0)
) CHARACTER SET utf8mb4 COLLATE /*!80017 utf8mb4_0900_bin */ /*M! utf8mb4_nopad_bin */;
ALTER TABLE `comments` ADD CONSTRAINT `comments_owner_id_fkey` FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON DELETE no action ON UPDATE no action;
ALTER TABLE `comments` ADD CONSTRAINT `comments_post_id_fkey` FOREIGN KEY (`post_id`) REFERENCES `posts`(`id`) ON DELETE no action ON UPDATE no action;
ALTER TABLE `notifications` ADD CONSTRAINT `notifications_owner_id_fkey` FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON DELETE no action ON UPDATE no action;
ALTER TABLE `posts` ADD CONSTRAINT `posts_owner_id_fkey` FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON DELETE no action ON UPDATE no action;
CREATE INDEX `comments_created_at_idx` ON `comments` (`created_at`,`id`);
CREATE INDEX `comments_updated_at_idx` ON `comments` (`updated_at`,`id`);
CREATE INDEX `comments_owner_id_created_at_idx` ON `comments` (`owner_id`,`created_at`,`id`);
CREATE INDEX `comments_owner_id_updated_at_idx` ON `comments` (`owner_id`,`updated_at`,`id`);
CREATE INDEX `comments_post_id_created_at_idx` ON `comments` (`post_id`,`created_at`,`id`);
CREATE INDEX `comments_post_id_updated_at_idx` ON `comments` (`post_id`,`updated_at`,`id`);
CREATE INDEX `idempotency_keys_expires_at_idx` ON `idempotency_keys` (`expires_at`);
CREATE INDEX `inbox_subject_idx` ON `inbox` (`consumer`,`subject`,`version`);
CREATE INDEX `inbox_handled_at_idx` ON `inbox` (`handled_at`);
CREATE INDEX `notifications_owner_id_created_at_idx` ON `notifications` (`owner_id`,`created_at`,`id`);
CREATE INDEX `notifications_unread_idx` ON `notifications` (`read_at`,`owner_id`,`created_at`,`id`);
CREATE INDEX `outbox_pending_idx` ON `outbox` (`published_at`,`time`,`version`,`id`);
CREATE INDEX `outbox_published_idx` ON `outbox` (`time`,`version`,`id`);
CREATE INDEX `posts_created_at_idx` ON `posts` (`created_at`,`id`);
CREATE INDEX `posts_updated_at_idx` ON `posts` (`updated_at`,`id`);
CREATE INDEX `posts_owner_id_created_at_idx` ON `posts` (`owner_id`,`created_at`,`id`);
CREATE INDEX `posts_owner_id_updated_at_idx` ON `posts` (`owner_id`,`updated_at`,`id`);
INSERT INTO `outbox_lease` (`token`, `until`) VALUES (x'00000000000000000000000000000000', '1970-01-01');
