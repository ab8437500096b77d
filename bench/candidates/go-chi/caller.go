package main

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/hashicorp/golang-lru/v2/expirable"
)

// Caller is the user of a verified token.
type Caller struct {
	ID           string
	IsSuperAdmin bool
}

type claims struct {
	jwt.RegisteredClaims
	RealmAccess struct {
		Roles []string `json:"roles"`
	} `json:"realm_access"`
}

// Every candidate caches verified tokens for a minute.
var verified = expirable.NewLRU[[32]byte, Caller](10_000, nil, time.Minute)

var parser = jwt.NewParser(
	jwt.WithValidMethods([]string{"RS256"}),
	jwt.WithIssuer(os.Getenv("OIDC_ISSUER")),
	jwt.WithAudience("clean-architecture"),
	jwt.WithExpirationRequired(),
)

func callerOf(request *http.Request, keys map[string]*rsa.PublicKey) (Caller, error) {
	token := strings.TrimPrefix(request.Header.Get("Authorization"), "Bearer ")
	digest := sha256.Sum256([]byte(token))
	if known, ok := verified.Get(digest); ok {
		return known, nil
	}

	var found claims
	_, err := parser.ParseWithClaims(token, &found, func(token *jwt.Token) (any, error) {
		id, _ := token.Header["kid"].(string)
		if key, ok := keys[id]; ok {
			return key, nil
		}
		return nil, errors.New("unknown key")
	})
	if err != nil {
		return Caller{}, refused(http.StatusUnauthorized)
	}
	caller := Caller{found.Subject, slices.Contains(found.RealmAccess.Roles, "super_admin")}
	verified.Add(digest, caller)
	return caller, nil
}

// fetchKeys reads the RSA keys of the issuer.
func fetchKeys() (map[string]*rsa.PublicKey, error) {
	response, err := http.Get(os.Getenv("OIDC_ISSUER") + "/keys")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var set struct {
		Keys []struct{ Kid, Kty, N, E string }
	}
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return nil, err
	}

	keys := map[string]*rsa.PublicKey{}
	for _, key := range set.Keys {
		if key.Kty != "RSA" {
			continue
		}
		n, _ := base64.RawURLEncoding.DecodeString(key.N)
		e, _ := base64.RawURLEncoding.DecodeString(key.E)
		keys[key.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	return keys, nil
}
