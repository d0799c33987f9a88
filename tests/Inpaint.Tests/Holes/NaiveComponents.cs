namespace Inpaint.Tests;

/// <summary>A reference implementation of connected components, by flood fill from every unvisited hidden pixel.</summary>
internal static class NaiveComponents
{
    public static List<PixelRect> Bounds(Mask mask)
    {
        var found = new List<PixelRect>();
        bool[] visited = new bool[mask.Pixels.Length];
        for (int start = 0; start < visited.Length; start++)
        {
            if (visited[start] || mask.Pixels[start] == 0)
            {
                continue;
            }

            int left = int.MaxValue, top = int.MaxValue, right = 0, bottom = 0;
            var open = new Stack<int>([start]);
            visited[start] = true;
            while (open.TryPop(out int at))
            {
                int x = at % mask.Width, y = at / mask.Width;
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
                for (int v = Math.Max(0, y - 1); v <= Math.Min(mask.Height - 1, y + 1); v++)
                {
                    for (int u = Math.Max(0, x - 1); u <= Math.Min(mask.Width - 1, x + 1); u++)
                    {
                        int next = (v * mask.Width) + u;
                        if (!visited[next] && mask.Pixels[next] != 0)
                        {
                            visited[next] = true;
                            open.Push(next);
                        }
                    }
                }
            }

            found.Add(new PixelRect(left, top, right - left + 1, bottom - top + 1));
        }

        return found;
    }
}
