ALTER TABLE `users` ADD `subject` longtext;
ALTER TABLE `users` ADD `identity_record` longtext;
CREATE INDEX `users_created_at_idx` ON `users` (`created_at`,`id`);