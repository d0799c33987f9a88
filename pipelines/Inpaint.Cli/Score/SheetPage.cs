using System.Globalization;
using System.Net;
using System.Text;

namespace Inpaint.Cli.Score;

/// <summary>The sheet's HTML: one file with inline CSS; all text from photos is escaped.</summary>
internal static class SheetPage
{
    private const string Style = """
        :root { color-scheme: light dark; --ground: #f6f5f2; --card: #ffffff; --ink: #1d1d1f; --faint: #6b6b70;
            --line: #e3e1dc; --bad: #a8321f; }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #17181a; --card: #212326; --ink: #ececee; --faint: #9a9aa1; --line: #33363b; --bad: #ff8b75; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1280px; padding: 2.5rem 1.25rem 4rem; background: var(--ground); color: var(--ink);
            font: 15px/1.45 system-ui, sans-serif; }
        h1 { margin: 0 0 .3rem; font-size: 1.6rem; font-weight: 650; letter-spacing: -.01em; }
        header p { margin: 0 0 2rem; color: var(--faint); }
        main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
        article { display: flex; flex-direction: column; gap: .75rem; padding: .9rem; background: var(--card);
            border: 1px solid var(--line); border-radius: 12px; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(0, 1fr)); grid-auto-flow: column; gap: .5rem; }
        figure { margin: 0; min-width: 0; }
        img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 6px; background: var(--ground); }
        figcaption { margin-top: .25rem; color: var(--faint); font-size: .72rem; text-align: center; }
        h2 { margin: 0; font-size: .82rem; font-weight: 600; overflow-wrap: anywhere; }
        article p { margin: .15rem 0 0; color: var(--faint); font-size: .82rem; overflow-wrap: anywhere; }
        h2 span { margin-left: .25rem; color: var(--faint); font-weight: 400; }
        .bad { border-color: var(--bad); }
        .bad h2 span, .bad p.error { color: var(--bad); }
        """;

    /// <summary>Renders the page.</summary>
    /// <param name="rows">The photos on it.</param>
    /// <param name="photos">The number of photos in the run.</param>
    /// <param name="graph">The graph that completed them.</param>
    /// <param name="pictures">The URL prefix of thumbnails.</param>
    public static string Render(IReadOnlyList<SheetRow> rows, long photos, GraphManifest graph, string pictures)
    {
        var html = new StringBuilder();
        string shown = rows.Count < photos ? $"the first {rows.Count} of {Number(photos)} photos"
            : $"{Number(photos)} {(photos == 1 ? "photo" : "photos")}";
        html.Append(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + "content=\"width=device-width, initial-scale=1\">\n<title>Completed photos</title>\n<style>\n")
            .Append(Style)
            .Append("\n</style>\n</head>\n<body>\n<header>\n<h1>Completed photos</h1>\n<p>")
            .Append(Escape(
                $"{char.ToUpperInvariant(shown[0])}{shown[1..]}, completed with the graph '{graph.Name}' ({graph.Graph.Sha256[..12]})."))
            .Append("</p>\n</header>\n<main>\n");
        foreach (SheetRow row in rows)
        {
            AppendRow(html, row, pictures);
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendRow(StringBuilder html, SheetRow row, string pictures)
    {
        bool ok = row.Status == InpaintingStatus.Ok;
        html.Append(ok ? "<article>\n" : "<article class=\"bad\">\n");
        if (row.Pictures.Count > 0)
        {
            html.Append("<div class=\"pictures\">\n");
            foreach (SheetPicture picture in row.Pictures)
            {
                AppendPicture(html, pictures + picture.File, picture.What, row.Item.Key);
            }

            html.Append("</div>\n");
        }

        html.Append("<div>\n<h2>").Append(Escape(row.Item.Key)).Append(" <span>").Append(row.Status.ToWord()).Append("</span></h2>\n");
        foreach (string caption in row.Item.Captions)
        {
            html.Append("<p>").Append(Escape(caption)).Append("</p>\n");
        }

        if (row.Error is not null)
        {
            html.Append("<p class=\"error\">").Append(Escape(row.Error)).Append("</p>\n");
        }

        html.Append("</div>\n</article>\n");
    }

    private static void AppendPicture(StringBuilder html, string source, string what, string name) => html
        .Append("<figure><img loading=\"lazy\" src=\"").Append(Escape(source)).Append("\" alt=\"").Append(
            Escape($"{name}, {what}")).Append("\"><figcaption>")
        .Append(what).Append("</figcaption></figure>\n");

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
