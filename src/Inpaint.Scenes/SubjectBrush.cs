using System.Numerics;
using SkiaSharp;
using static Inpaint.Scenes.ColourMath;

namespace Inpaint.Scenes;

/// <summary>
/// Draws shapes in the coordinates of a subject: the top left of its box is (0, 0), its height 1 and its width <see cref="Width"/>.
/// Shapes use the current colour.
/// </summary>
internal sealed class SubjectBrush : IDisposable
{
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint = new() { IsAntialias = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
    private readonly SKPath _path = new();
    private readonly Vector3 _light;
    private SKShader? _shader;

    public SubjectBrush(SKCanvas canvas, Vector3 colour, Vector3 light, float width)
    {
        _canvas = canvas;
        _light = light;
        Colour = colour;
        Width = width;
    }

    public Vector3 Colour { get; }

    public Vector3 Lighter => Mix(Colour, new Vector3(255), 0.22f);

    public Vector3 Darker => Colour * 0.68f;

    /// <summary>The width of the subject's box, relative to its height.</summary>
    public float Width { get; }

    public SubjectBrush Set(Vector3 colour)
    {
        Drop();
        _paint.Color = (colour * _light).ToSkia();
        return this;
    }

    public SubjectBrush Set(int hex) => Set(Rgb(hex));

    /// <summary>Sets a linear gradient between two points.</summary>
    public SubjectBrush Shade(Vector3 from, Vector3 to, float x0, float y0, float x1, float y1)
    {
        Drop();
        _paint.Color = SKColors.Black;
        _shader = SKShader.CreateLinearGradient(
            new SKPoint(x0, y0), new SKPoint(x1, y1), [(from * _light).ToSkia(), (to * _light).ToSkia()], SKShaderTileMode.Clamp);
        _paint.Shader = _shader;
        return this;
    }

    /// <summary>Sets a radial gradient around a highlight.</summary>
    public SubjectBrush Globe(Vector3 lit, Vector3 colour, Vector3 dark, float x, float y, float radius)
    {
        Drop();
        _paint.Color = SKColors.Black;
        _shader = SKShader.CreateRadialGradient(
            new SKPoint(x, y), radius, [(lit * _light).ToSkia(), (colour * _light).ToSkia(), (dark * _light).ToSkia()], [0f, 0.45f, 1f],
                SKShaderTileMode.Clamp);
        _paint.Shader = _shader;
        return this;
    }

    /// <summary>Draws a polygon with the corners x, y, x, y, ...</summary>
    public SubjectBrush Poly(params ReadOnlySpan<float> corners)
    {
        _path.Rewind();
        _path.MoveTo(corners[0], corners[1]);
        for (int i = 2; i < corners.Length; i += 2)
        {
            _path.LineTo(corners[i], corners[i + 1]);
        }

        _path.Close();
        _canvas.DrawPath(_path, _paint);
        return this;
    }

    /// <summary>Draws a closed outline of quadratic curves: the start, then a control point and an end for each curve.</summary>
    public SubjectBrush Curve(params ReadOnlySpan<float> points)
    {
        _path.Rewind();
        _path.MoveTo(points[0], points[1]);
        for (int i = 2; i < points.Length; i += 4)
        {
            _path.QuadTo(points[i], points[i + 1], points[i + 2], points[i + 3]);
        }

        _path.Close();
        _canvas.DrawPath(_path, _paint);
        return this;
    }

    public SubjectBrush Oval(float x, float y, float rx, float ry)
    {
        _canvas.DrawOval(x, y, rx, ry, _paint);
        return this;
    }

    public SubjectBrush Block(float left, float top, float right, float bottom, float round = 0f)
    {
        _canvas.DrawRoundRect(new SKRect(left, top, right, bottom), round, round, _paint);
        return this;
    }

    public SubjectBrush Line(float x0, float y0, float x1, float y1, float thick)
    {
        _paint.Style = SKPaintStyle.Stroke;
        _paint.StrokeWidth = thick;
        _canvas.DrawLine(x0, y0, x1, y1, _paint);
        _paint.Style = SKPaintStyle.Fill;
        return this;
    }

    public void Dispose()
    {
        Drop();
        _path.Dispose();
        _paint.Dispose();
    }

    private void Drop()
    {
        _paint.Shader = null;
        _shader?.Dispose();
        _shader = null;
    }
}
