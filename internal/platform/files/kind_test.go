package files

import (
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTheBytesDecideAboutTheType(t *testing.T) {
	zip := "PK\x03\x04" + strings.Repeat("x", 40)
	for _, test := range []struct{ bytes, name, want string }{
		{"\xff\xd8\xff\xe0 jpeg", "a.jpg", "image/jpeg"},
		{"\xff\xd8\xff\xe0 jpeg", "a.html", "image/jpeg"},
		{"\x89PNG\r\n\x1a\n", "a.jpg", "image/png"},
		{"GIF89a=1;alert(1)", "a.js", "image/gif"},
		{"RIFF\x00\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"},
		{"%PDF-1.7", "a.pdf", "application/pdf"},
		{zip, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{zip, "a.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{zip, "a.odp", "application/vnd.oasis.opendocument.presentation"},
		{zip, "a.jar", "application/zip"},
		{"Nom;Prénom\nDurand;Zoé", "contacts.csv", "text/csv"},
		{"BEGIN:VCARD", "a.vcf", "text/vcard"},
		{"BEGIN:VCALENDAR", "a.ics", "text/calendar"},
		{"hello", "a.exe", "text/plain"},
		{"hello", "", "text/plain"},
		{"<html><script>alert(1)</script>", "a.txt", ""},
		{"<!DOCTYPE html>", "a.png", ""},
		{"<?xml version='1.0'?><svg onload='alert(1)'/>", "a.svg", ""},
		{"<svg onload='alert(1)'/>", "a.txt", ""},
		{"\ufeff \n<svg/>", "a.csv", ""},
		{"<x><script>", "a.csv", ""},
		{"#!/bin/sh\nrm -rf", "a.txt", ""},
		{"\x7fELF\x02\x01\x01\x00", "a.pdf", ""},
		{"MZ\x90\x00\x03\x00", "a.docx", ""},
		{"\x00\x01\x02", "a.txt", ""},
		{"\x1f\x8b\x08", "a.zip", ""},
	} {
		k, ok := sniffed([]byte(test.bytes), test.name)
		if k.media != test.want || ok != (test.want != "") {
			t.Errorf("%q named %q: %q", test.bytes, test.name, k.media)
		}
	}
}

func kindOf(t testing.TB, media string) kind {
	t.Helper()
	i := slices.IndexFunc(kinds(), func(k kind) bool { return k.media == media })
	if i < 0 {
		t.Fatal(media)
	}
	return kinds()[i]
}

func TestNamesAreMadeSafe(t *testing.T) {
	for _, test := range []struct{ name, media, want string }{
		{"Été à Québec.pdf", "application/pdf", "Été à Québec.pdf"},
		{"../../etc/passwd", "text/plain", "passwd.txt"},
		{`C:\Users\zoe\photo.JPG`, "image/jpeg", "photo.JPG"},
		{"photo.webp", "image/png", "photo.png"},
		{"invoice.pdf.exe", "application/pdf", "invoice.pdf.exe.pdf"},
		{"a\r\nSet-Cookie: x.pdf", "application/pdf", "aSet-Cookie x.pdf"},
		{"\u202efdp.exe", "application/pdf", "fdp.exe.pdf"},
		{"", "image/png", "file.png"},
		{".", "image/png", "file.png"},
		{"....png", "image/png", "png.png"},
		{".htaccess", "text/plain", "htaccess.txt"},
		{"CON.txt", "text/plain", "_CON.txt"},
		{"lpt1.tar.txt", "text/plain", "_lpt1.tar.txt"},
		{"COM10.txt", "text/plain", "COM10.txt"},
		{"con", "text/plain", "_con.txt"},
		{"a\xffb.txt", "text/plain", "ab.txt"},
		{"a<b>\"c\"|d?e*f.txt", "text/plain", "abcdef.txt"},
		{strings.Repeat("é", 300) + ".pdf", "application/pdf", strings.Repeat("é", 118) + ".pdf"},
		{strings.Repeat("a", 300) + ".pdf", "application/pdf", strings.Repeat("a", 196) + ".pdf"},
		{"tab\there .txt", "text/plain", "tabhere.txt"},
	} {
		if got := cleanName(test.name, kindOf(t, test.media)); got != test.want {
			t.Errorf("%.40q: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestPoliciesKnowTheirTypes(t *testing.T) {
	for _, p := range []Policy{Images(), Documents()} {
		for _, media := range p.Types {
			kindOf(t, media)
			if strings.Contains(media, "svg") || strings.Contains(media, "html") {
				t.Errorf("%s is accepted", media)
			}
		}
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add("../a b.pdf")
	f.Add("CON")
	f.Fuzz(func(t *testing.T, name string) {
		for _, k := range kinds() {
			got := cleanName(name, k)
			end := strings.ToLower(path.Ext(got))
			switch {
			case !utf8.ValidString(got), len(got) > 240, utf8.RuneCountInString(got) > maxName:
				t.Fatalf("%q gives %q", name, got)
			case strings.ContainsAny(got, `/\<>:"|?*`) || strings.ContainsFunc(got, unicode.IsControl):
				t.Fatalf("%q gives %q", name, got)
			case !slices.Contains(k.ends, end) || got == end || got[0] == '.' || got[0] == ' ':
				t.Fatalf("%q gives %q", name, got)
			case cleanName(got, k) != got:
				t.Fatalf("%q gives %q, which gives %q", name, got, cleanName(got, k))
			}
		}
	})
}
