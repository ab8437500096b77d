// Command go-chi is the forum on chi and pgx.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

const connections = 10

type refused int

func (status refused) Error() string { return http.StatusText(int(status)) }

type handler func(w http.ResponseWriter, r *http.Request, caller Caller) error

func main() {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	keys, err := fetchKeys()
	if err != nil {
		log.Fatal(err)
	}

	forum := Forum{pool}
	known := func(handle handler) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			caller, err := callerOf(r, keys)
			if err == nil {
				// A caller who hangs up would take a connection of the pool along.
				err = handle(w, r.WithContext(context.WithoutCancel(r.Context())), caller)
			}
			if err != nil {
				fail(w, err)
			}
		}
	}
	router := chi.NewRouter()
	router.Get("/v1/posts/{id}", known(forum.getPost))
	router.Get("/v1/posts", known(forum.getPosts))
	router.Post("/v1/posts", known(forum.postPost))
	router.Put("/v1/posts/{id}", known(forum.putPost))
	router.Delete("/v1/posts/{id}", known(forum.deletePost))
	router.Post("/v1/comments", known(forum.postComment))
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("HTTP_PORT"), router))
}

func (f Forum) getPost(w http.ResponseWriter, r *http.Request, caller Caller) error {
	id, err := idIn(r)
	if err != nil {
		return err
	}
	post, err := f.read(r.Context(), caller, id)
	if err != nil {
		return err
	}
	etag, known := etagOf(post.Version), r.Header.Get("If-None-Match")
	w.Header().Set("ETag", etag)
	if known == "*" || slices.Contains(tagsIn(strings.ReplaceAll(known, "W/", "")), etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return send(w, http.StatusOK, post)
}

func (f Forum) getPosts(w http.ResponseWriter, r *http.Request, caller Caller) error {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil || limit < 1 || limit > 100 {
		return refused(http.StatusUnprocessableEntity)
	}
	var after *Position
	if cursor := query.Get("cursor"); cursor != "" {
		position, err := positionAt(cursor)
		if err != nil {
			return err
		}
		after = &position
	}

	posts, err := f.list(r.Context(), caller, after, limit+1)
	if err != nil {
		return err
	}
	page := Page{Items: posts}
	if len(posts) > limit {
		page.Items = posts[:limit]
		last := posts[limit-1]
		cursor := cursorAt(Position{last.CreatedAt.Time, last.ID})
		page.NextCursor = &cursor
		w.Header().Set("Link", "</v1/posts?limit="+strconv.Itoa(limit)+"&cursor="+cursor+`>; rel="next"`)
	}
	return send(w, http.StatusOK, page)
}

func (f Forum) postPost(w http.ResponseWriter, r *http.Request, caller Caller) error {
	text, err := textIn(r)
	if err != nil {
		return err
	}
	post, err := f.write(r.Context(), caller, text)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", etagOf(post.Version))
	w.Header().Set("Location", "/v1/posts/"+post.ID.String())
	return send(w, http.StatusCreated, post)
}

func (f Forum) putPost(w http.ResponseWriter, r *http.Request, caller Caller) error {
	id, err := idIn(r)
	if err != nil {
		return err
	}
	text, err := textIn(r)
	if err != nil {
		return err
	}
	post, err := f.rewrite(r.Context(), caller, id, text, r.Header.Get("If-Match"))
	if err != nil {
		return err
	}
	w.Header().Set("ETag", etagOf(post.Version))
	return send(w, http.StatusOK, post)
}

func (f Forum) deletePost(w http.ResponseWriter, r *http.Request, caller Caller) error {
	id, err := idIn(r)
	if err != nil {
		return err
	}
	if err := f.remove(r.Context(), caller, id, r.Header.Get("If-Match")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (f Forum) postComment(w http.ResponseWriter, r *http.Request, caller Caller) error {
	var body commentBody
	if err := decode(r, &body); err != nil {
		return err
	}
	text, err := trimmed(body.Text, 2_000)
	if err != nil {
		return err
	}
	comment, err := f.comment(r.Context(), caller, body.PostID, text)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", etagOf(comment.Version))
	w.Header().Set("Location", "/v1/comments/"+comment.ID.String())
	return send(w, http.StatusCreated, comment)
}

func idIn(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(chi.URLParam(r, "id"))
	if err != nil {
		return id, refused(http.StatusUnprocessableEntity)
	}
	return id, nil
}

func textIn(r *http.Request) (string, error) {
	var body postBody
	if err := decode(r, &body); err != nil {
		return "", err
	}
	return trimmed(body.Text, 10_000)
}

func decode(r *http.Request, body any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if decoder.Decode(body) != nil {
		return refused(http.StatusUnprocessableEntity)
	}
	return nil
}

func send(w http.ResponseWriter, status int, resource any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(resource)
}

func fail(w http.ResponseWriter, err error) {
	status := refused(http.StatusInternalServerError)
	if !errors.As(err, &status) {
		log.Print(err)
	}
	w.WriteHeader(int(status))
}
