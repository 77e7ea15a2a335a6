using System.Net;

namespace Sscma.Training.Page;

/// <summary>The head of the page with its style sheet, for light and dark screens.</summary>
internal static class PageStyle
{
    private const string Sheet = """
        :root { color-scheme: light dark; --paper: #f7f7f5; --card: #ffffff; --ink: #1c1d21; --soft: #6a6d76; --rule: #e3e3df; --a: #2158d6; --b: #c2570c; --c: #0f8a5f; }
        @media (prefers-color-scheme: dark) { :root { --paper: #131417; --card: #1c1e23; --ink: #e9e9ec; --soft: #9a9da8; --rule: #2e3138; --a: #7aa5ff; --b: #f5a35c; --c: #4fd1a1; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
        main { max-width: 1280px; margin: 0 auto; padding: 28px 24px 48px; }
        header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; }
        h1 { margin: 0; font-size: 26px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
        header p, .facts, .about { margin: 0; color: var(--soft); }
        h2 { margin: 36px 0 2px; font-size: 18px; }
        .about { margin-bottom: 12px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 12px; margin: 20px 0; }
        .tiles div, .charts figure, details { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
        .tiles div { padding: 12px 16px; }
        .tiles b { display: block; font-size: 24px; line-height: 1.2; font-weight: 600; }
        .tiles span { color: var(--soft); font-size: 13px; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); gap: 12px; }
        figure { margin: 0; }
        .charts figure { padding: 12px 14px 6px; }
        .charts figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; font-weight: 600; }
        .legend { display: flex; gap: 12px; font-weight: 400; font-size: 13px; color: var(--soft); }
        .legend span::before { content: ""; display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 5px; vertical-align: middle; background: var(--line); }
        .a { --line: var(--a); } .b { --line: var(--b); } .c { --line: var(--c); }
        svg { display: block; width: 100%; height: auto; }
        .charts text { fill: var(--soft); font-size: 12px; paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
        .grid { stroke: var(--rule); }
        .mark { stroke: var(--soft); stroke-dasharray: 3 4; fill: none; }
        polyline { fill: none; stroke: var(--line); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
        .point { fill: var(--line); }
        .dot { fill: var(--card); stroke: var(--a); stroke-width: 2; }
        .hit { fill: transparent; }
        .hit:hover { fill: var(--soft); fill-opacity: 0.16; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 8px; }
        .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr)); gap: 18px 16px; }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; }
        .pairs figcaption { display: flex; justify-content: space-between; gap: 12px; font-size: 13px; color: var(--soft); padding-top: 3px; }
        .pairs figcaption span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .pairs figcaption span:last-child { flex: none; }
        .pictures svg, .pair svg { border-radius: 4px; background: #000; }
        g rect { fill: transparent; stroke: var(--c); stroke-width: 1.6px; vector-effect: non-scaling-stroke; }
        .wrong rect { stroke-width: 1px; stroke-dasharray: 4 3; stroke-opacity: 0.85; }
        g text { fill: var(--c); font-weight: 600; paint-order: stroke; stroke: #000; stroke-width: 0.22em; stroke-linejoin: round; }
        .classes { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0 0 12px; font-size: 13px; }
        .classes span::before { content: ""; display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 5px; background: var(--c); }
        details { margin-top: 36px; padding: 10px 16px; }
        summary { cursor: pointer; font-weight: 600; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; margin-top: 8px; font-size: 13px; }
        th, td { padding: 3px 14px 3px 0; text-align: right; white-space: nowrap; }
        th { color: var(--soft); font-weight: 500; }
        tr.best td { font-weight: 700; }
        """;

    /// <summary>The page up to where its content begins.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="renewed">The training goes on: the page loads itself again twice a minute.</param>
    public static string Head(string model, bool renewed) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        {(renewed ? "<meta http-equiv=\"refresh\" content=\"30\">\n" : "")}<title>{WebUtility.HtmlEncode(model)}: training</title>
        <style>
        {Sheet}
        </style>
        </head>
        <body>
        <main>

        """.ReplaceLineEndings("\n");
}
