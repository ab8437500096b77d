package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Position is the place of a post in the list.
type Position struct {
	At time.Time
	ID uuid.UUID
}

// The cursors of this service: a time, an id, and a checksum of both and of their list.
const list = "posts -createdAt {}\x00"

func cursorAt(position Position) string {
	bytes := binary.BigEndian.AppendUint64(nil, uint64(position.At.UnixMilli()))
	bytes = append(bytes, position.ID[:]...)
	return base64.RawURLEncoding.EncodeToString(append(bytes, sealOf(bytes)...))
}

func positionAt(cursor string) (Position, error) {
	bytes, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(bytes) != 32 || string(sealOf(bytes[:24])) != string(bytes[24:]) {
		return Position{}, refused(http.StatusUnprocessableEntity)
	}
	at := time.UnixMilli(int64(binary.BigEndian.Uint64(bytes))).UTC()
	return Position{at, uuid.UUID(bytes[8:24])}, nil
}

func sealOf(position []byte) []byte {
	seal := sha256.Sum256(append([]byte(list), position...))
	return seal[:8]
}
