package main

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Time is written with exactly three digits of a second.
type Time struct{ time.Time }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	return t.UTC().AppendFormat(nil, `"2006-01-02T15:04:05.000Z"`), nil
}

// Post is a post as it is stored, answered and published.
type Post struct {
	ID        uuid.UUID `json:"id"`
	OwnerID   uuid.UUID `json:"ownerId"`
	Text      string    `json:"text"`
	Version   int       `json:"version"`
	CreatedAt Time      `json:"createdAt"`
	UpdatedAt Time      `json:"updatedAt"`
}

// Comment is a comment as it is stored, answered and published.
type Comment struct {
	Post
	PostID uuid.UUID `json:"postId"`
}

// Page is a page of posts.
type Page struct {
	Items      []Post  `json:"items"`
	NextCursor *string `json:"nextCursor"`
}

type postBody struct {
	Text string `json:"text"`
}

type commentBody struct {
	PostID uuid.UUID `json:"postId"`
	Text   string    `json:"text"`
}

func trimmed(text string, limit int) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > limit || strings.ContainsRune(text, 0) {
		return "", refused(422)
	}
	return text, nil
}

func now() Time { return Time{time.Now().UTC().Truncate(time.Millisecond)} }

func (post Post) gone() Post {
	post.Version++
	post.UpdatedAt = now()
	return post
}
