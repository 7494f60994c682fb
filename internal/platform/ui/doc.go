// Package ui is the look of Unisson as components: every page is assembled from it. See docs in this file's end.
package ui
