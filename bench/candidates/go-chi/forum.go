package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Forum keeps posts and comments in PostgreSQL. pgx prepares each statement once per connection by itself.
type Forum struct{ pool *pgxpool.Pool }

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

const (
	postColumns    = "id, owner_id, text, version, created_at, updated_at"
	commentColumns = postColumns + ", post_id"
	eventInsert    = "insert into outbox (id, type, subject, version, time, data) values ($1, $2, $3, $4, $5, $6)"
)

func (f Forum) read(ctx context.Context, caller Caller, id uuid.UUID) (Post, error) {
	if err := requireActive(ctx, f.pool, caller, ""); err != nil {
		return Post{}, err
	}
	return postOf(f.pool.QueryRow(ctx, "select "+postColumns+" from posts where id = $1", id))
}

func (f Forum) list(ctx context.Context, caller Caller, after *Position, limit int) ([]Post, error) {
	if err := requireActive(ctx, f.pool, caller, ""); err != nil {
		return nil, err
	}
	where, args := "", []any{limit}
	if after != nil {
		where, args = "where (created_at, id) < ($2, $3)", append(args, after.At, after.ID)
	}
	sql := "select " + postColumns + " from posts " + where + " order by created_at desc, id desc limit $1"
	rows, err := f.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Post, error) { return postOf(row) })
}

func (f Forum) write(ctx context.Context, caller Caller, text string) (post Post, err error) {
	err = pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error {
		if err := requireActive(ctx, tx, caller, "for share"); err != nil {
			return err
		}
		at := now()
		post = Post{uuid.Must(uuid.NewV7()), uuid.MustParse(caller.ID), text, 1, at, at}
		sql := "insert into posts (" + postColumns + ") values ($1, $2, $3, $4, $5, $5)"
		if _, err := tx.Exec(ctx, sql, post.ID, post.OwnerID, text, 1, at.Time); err != nil {
			return err
		}
		return insertEvent(ctx, tx, "post.written", post, post)
	})
	return post, err
}

func (f Forum) rewrite(ctx context.Context, caller Caller, id uuid.UUID, text, ifMatch string) (post Post, err error) {
	err = pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error {
		if post, err = changeable(ctx, tx, caller, id, ifMatch); err != nil {
			return err
		}
		post.Text, post.Version, post.UpdatedAt = text, post.Version+1, now()
		sql := "update posts set text = $2, version = $3, updated_at = $4 where id = $1"
		if _, err := tx.Exec(ctx, sql, id, text, post.Version, post.UpdatedAt.Time); err != nil {
			return err
		}
		return insertEvent(ctx, tx, "post.rewritten", post, post)
	})
	return post, err
}

func (f Forum) remove(ctx context.Context, caller Caller, id uuid.UUID, ifMatch string) error {
	return pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error {
		post, err := changeable(ctx, tx, caller, id, ifMatch)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "delete from comments where post_id = $1 returning "+commentColumns, id)
		if err != nil {
			return err
		}
		comments, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Comment, error) { return commentOf(row) })
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "delete from posts where id = $1", id); err != nil {
			return err
		}

		batch := &pgx.Batch{}
		for _, comment := range comments {
			last := Comment{comment.gone(), comment.PostID}
			if err := queue(batch, "comment.removed", last.Post, last); err != nil {
				return err
			}
		}
		if err := queue(batch, "post.removed", post.gone(), post.gone()); err != nil {
			return err
		}
		return tx.SendBatch(ctx, batch).Close()
	})
}

func (f Forum) comment(ctx context.Context, caller Caller, postID uuid.UUID, text string) (comment Comment, err error) {
	err = pgx.BeginFunc(ctx, f.pool, func(tx pgx.Tx) error {
		if err := requireActive(ctx, tx, caller, "for share"); err != nil {
			return err
		}
		var found uuid.UUID
		row := tx.QueryRow(ctx, "select id from posts where id = $1 for key share", postID)
		if err := row.Scan(&found); err != nil {
			return missing(err)
		}
		at := now()
		comment = Comment{Post{uuid.Must(uuid.NewV7()), uuid.MustParse(caller.ID), text, 1, at, at}, postID}
		sql := "insert into comments (" + commentColumns + ") values ($1, $2, $3, $4, $5, $5, $6)"
		if _, err := tx.Exec(ctx, sql, comment.ID, comment.OwnerID, text, 1, at.Time, postID); err != nil {
			return err
		}
		return insertEvent(ctx, tx, "comment.written", comment.Post, comment)
	})
	return comment, err
}

func requireActive(ctx context.Context, db querier, caller Caller, lock string) error {
	var isActive bool
	err := db.QueryRow(ctx, "select is_active from users where id = $1 "+lock, caller.ID).Scan(&isActive)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !isActive {
		return refused(403)
	}
	return err
}

func changeable(ctx context.Context, tx pgx.Tx, caller Caller, id uuid.UUID, ifMatch string) (Post, error) {
	if err := requireActive(ctx, tx, caller, ""); err != nil {
		return Post{}, err
	}
	post, err := postOf(tx.QueryRow(ctx, "select "+postColumns+" from posts where id = $1 for update", id))
	switch {
	case err != nil:
		return Post{}, err
	case post.OwnerID.String() != caller.ID && !caller.IsSuperAdmin:
		return Post{}, refused(403)
	case ifMatch != "" && ifMatch != "*" && !slices.Contains(tagsIn(ifMatch), etagOf(post.Version)):
		return Post{}, refused(412)
	}
	return post, nil
}

func insertEvent(ctx context.Context, tx pgx.Tx, kind string, state Post, resource any) error {
	data, err := json.Marshal(resource)
	if err != nil {
		return err
	}
	id := uuid.Must(uuid.NewV7())
	_, err = tx.Exec(ctx, eventInsert, id, kind, state.ID, state.Version, state.UpdatedAt.Time, data)
	return err
}

func queue(batch *pgx.Batch, kind string, state Post, resource any) error {
	data, err := json.Marshal(resource)
	if err == nil {
		batch.Queue(eventInsert, uuid.Must(uuid.NewV7()), kind, state.ID, state.Version, state.UpdatedAt.Time, data)
	}
	return err
}

func postOf(row pgx.Row) (post Post, err error) {
	err = row.Scan(&post.ID, &post.OwnerID, &post.Text, &post.Version, &post.CreatedAt.Time, &post.UpdatedAt.Time)
	return post, missing(err)
}

func commentOf(row pgx.Row) (c Comment, err error) {
	err = row.Scan(&c.ID, &c.OwnerID, &c.Text, &c.Version, &c.CreatedAt.Time, &c.UpdatedAt.Time, &c.PostID)
	return c, err
}

func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return refused(404)
	}
	return err
}

func etagOf(version int) string { return `"` + strconv.Itoa(version) + `"` }

func tagsIn(header string) []string {
	tags := strings.Split(header, ",")
	for i, tag := range tags {
		tags[i] = strings.TrimSpace(tag)
	}
	return tags
}
