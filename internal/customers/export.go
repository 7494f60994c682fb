package customers

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	vcard "github.com/emersion/go-vcard"
	"github.com/xuri/excelize/v2"

	"unisson/internal/platform/clock"
	"unisson/internal/platform/i18n"
)

// writer writes the rows of an export in one form.
type writer interface {
	row(ctx context.Context, rec *Record, names Names) error
	close() error
}

// exportFields are the fields behind the columns that a list shows, in their
// order; the first column is a name of one or two parts.
func exportFields(sch *Schema, columns []string) []Field {
	names := []string{"name"}
	if sch.Kind == KindContact {
		names = []string{"given", "family"}
	}
	var out []Field
	for _, n := range append(names, shownFields(columns)...) {
		if f, ok := sch.Field(n); ok {
			out = append(out, f)
		}
	}
	return out
}

// rawValue is the canonical value of a field of a record, stamps included.
func rawValue(rec *Record, f Field, names Names) string {
	switch f.Name {
	case "last_touch":
		return strconv.FormatInt(int64(rec.LastTouch), 10)
	case "created":
		return strconv.FormatInt(int64(rec.CreatedAt), 10)
	case "updated":
		return strconv.FormatInt(int64(rec.UpdatedAt), 10)
	case "source":
		return names[rec.SourceID]
	case "domain":
		return domainOf(rec.Values)
	case "name":
		if rec.Values["name"] == "" {
			return ""
		}
	}
	return rec.Values[f.Name]
}

// cell is one value as a spreadsheet holds it: a text, a number or a day.
func cell(ctx context.Context, rec *Record, f Field, names Names) any {
	v := rawValue(rec, f, names)
	if v == "" {
		return ""
	}
	switch f.Type {
	case Number, Whole, Money:
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return n
		}
	case Date:
		if d, err := clock.ParseDay(v); err == nil {
			return time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, time.UTC)
		}
	case Instant:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n == 0 {
			return ""
		}
		t := instant(n).In(i18n.Zone(ctx))
		// A sheet has no zones: what the reader's clock showed.
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	case Emails, Phones:
		var out []string
		for _, p := range PointsOf(pointKind(f.Type), v) {
			out = append(out, p.Value)
		}
		return strings.Join(out, ", ")
	case Person, Unit, Region, Account, AnyRef:
		return names[v] // what the reader may not read has no name
	}
	return strings.Join(valueTexts(ctx, f, v, names), ", ")
}

// harmless is a text that begins as a formula does and is none: a number, a
// telephone number.
var harmless = regexp.MustCompile(`^[+-][0-9][0-9 .,()]*$`)

// defused writes a text so that no spreadsheet takes it for a formula.
func defused(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n", rune(s[0])) || harmless.MatchString(s) {
		return s
	}
	return "'" + s
}

type csvWriter struct {
	*csv.Writer
	fields  []Field
	decimal string
}

// newCSV writes UTF-8 with its mark, so that spreadsheets read accents; with
// semicolons and decimal commas where readers of the language use them.
func newCSV(ctx context.Context, w io.Writer, fields []Field) (*csvWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	c := &csvWriter{Writer: csv.NewWriter(w), fields: fields, decimal: "."}
	c.UseCRLF = true
	if strings.HasPrefix(i18n.Lang(ctx), "fr") {
		c.Comma, c.decimal = ';', ","
	}
	head := make([]string, len(fields))
	for i, f := range fields {
		head[i] = defused(fieldLabel(ctx, f))
	}
	return c, c.Write(head)
}

func (c *csvWriter) row(ctx context.Context, rec *Record, names Names) error {
	out := make([]string, len(c.fields))
	for i, f := range c.fields {
		switch v := cell(ctx, rec, f, names).(type) {
		case string:
			out[i] = defused(v)
		case float64:
			out[i] = strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), ".", c.decimal, 1)
		case time.Time:
			out[i] = v.Format(layoutOfTime(f))
		}
	}
	return c.Write(out)
}

func (c *csvWriter) close() error {
	c.Flush()
	return c.Error()
}

func layoutOfTime(f Field) string {
	if f.Type == Date {
		return time.DateOnly
	}
	return "2006-01-02 15:04"
}

type xlsxWriter struct {
	to        io.Writer
	file      *excelize.File
	sheet     *excelize.StreamWriter
	fields    []Field
	line      int
	day, hour int
}

func newXLSX(ctx context.Context, w io.Writer, fields []Field, name string) (*xlsxWriter, error) {
	x := &xlsxWriter{to: w, file: excelize.NewFile(), fields: fields, line: 1}
	err := x.file.SetSheetName("Sheet1", name)
	if err == nil {
		x.sheet, err = x.file.NewStreamWriter(name)
	}
	for at, format := range map[*int]string{&x.day: "yyyy-mm-dd", &x.hour: "yyyy-mm-dd hh:mm"} {
		if err == nil {
			*at, err = x.file.NewStyle(&excelize.Style{CustomNumFmt: &format})
		}
	}
	if err != nil {
		return nil, err
	}
	head := make([]any, len(fields))
	for i, f := range fields {
		head[i] = fieldLabel(ctx, f)
	}
	return x, x.write(head)
}

func (x *xlsxWriter) write(cells []any) error {
	at, err := excelize.CoordinatesToCellName(1, x.line)
	x.line++
	if err != nil {
		return err
	}
	return x.sheet.SetRow(at, cells)
}

func (x *xlsxWriter) row(ctx context.Context, rec *Record, names Names) error {
	out := make([]any, len(x.fields))
	for i, f := range x.fields {
		out[i] = cell(ctx, rec, f, names)
		if t, ok := out[i].(time.Time); ok {
			style := x.hour
			if f.Type == Date {
				style = x.day
			}
			out[i] = excelize.Cell{StyleID: style, Value: t}
		}
	}
	return x.write(out)
}

func (x *xlsxWriter) close() error {
	defer x.file.Close()
	if err := x.sheet.Flush(); err != nil {
		return err
	}
	return x.file.Write(x.to)
}

// jsonWriter writes one object a line: canonical values by the names of fields,
// and what ids are called beside them.
type jsonWriter struct {
	*bufio.Writer
	fields []Field
}

func (j *jsonWriter) row(_ context.Context, rec *Record, names Names) error {
	out := map[string]any{"id": rec.ID}
	for _, f := range j.fields {
		v := rawValue(rec, f, names)
		switch {
		case v == "" || v == "0" && f.Type == Instant:
			continue
		case f.Type == Instant:
			n, _ := strconv.ParseInt(v, 10, 64)
			out[f.Name] = instant(n).UTC().Format(time.RFC3339)
		case f.Type == Emails || f.Type == Phones:
			var list []string
			for _, p := range PointsOf(pointKind(f.Type), v) {
				list = append(list, p.Value)
			}
			out[f.Name] = list
		case f.Several():
			out[f.Name] = strings.Split(v, "\n")
		case f.Type == Number || f.Type == Whole || f.Type == Money:
			out[f.Name] = json.Number(v)
		case f.Type == Person || f.Type == Unit || f.Type == Region || f.Type == Account || f.Type == AnyRef:
			if name := names[v]; name != "" {
				out[f.Name] = map[string]string{"id": v, "name": name}
			}
		default:
			out[f.Name] = v
		}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return err
	}
	if _, err := j.Write(b); err != nil {
		return err
	}
	return j.WriteByte('\n')
}

func (j *jsonWriter) close() error { return j.Flush() }

// cardWriter writes contacts as vCard 3.0, which every address book reads.
type cardWriter struct{ *bufio.Writer }

func (c *cardWriter) row(_ context.Context, rec *Record, names Names) error {
	card := vcard.Card{}
	v := rec.Values
	card.SetValue(vcard.FieldVersion, "3.0")
	card.SetValue(vcard.FieldUID, rec.ID)
	card.SetValue(vcard.FieldFormattedName, rec.Title())
	card.AddName(&vcard.Name{FamilyName: v["family"], GivenName: v["given"]})
	if name := names[v["account"]]; name != "" {
		card.SetValue(vcard.FieldOrganization, name)
	}
	if v["title"] != "" {
		card.SetValue(vcard.FieldTitle, v["title"])
	}
	for _, kind := range []struct{ kind, field, name string }{{"email", "emails", vcard.FieldEmail}, {"phone", "phones", vcard.FieldTelephone}} {
		for _, p := range PointsOf(kind.kind, v[kind.field]) {
			f := &vcard.Field{Value: p.Value, Params: vcard.Params{}}
			switch p.Label {
			case "work", "home":
				f.Params.Add(vcard.ParamType, strings.ToUpper(p.Label))
			case "mobile":
				f.Params.Add(vcard.ParamType, "CELL")
			case "fax":
				f.Params.Add(vcard.ParamType, "FAX")
			}
			card.Add(kind.name, f)
		}
	}
	if v["street"] != "" || v["postcode"] != "" || v["city"] != "" || v["country"] != "" {
		card.AddAddress(&vcard.Address{StreetAddress: v["street"], PostalCode: v["postcode"], Locality: v["city"], Region: v["province"], Country: v["country"]})
	}
	return vcard.NewEncoder(c.Writer).Encode(card)
}

func (c *cardWriter) close() error { return c.Flush() }
