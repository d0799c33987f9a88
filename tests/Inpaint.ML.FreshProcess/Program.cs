using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

// Loads a saved pipeline and hashes its completed photos. This process references the package but uses none of its types.
// Usage: Inpaint.ML.FreshProcess PIPELINE COLUMN PHOTO...
if (args.Length < 3)
{
    Console.Error.WriteLine($"Found {args.Length} arguments; expected PIPELINE COLUMN PHOTO...");
    return 2;
}

var ml = new MLContext();
ml.Log += (_, e) =>
{
    if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
    {
        Console.Error.WriteLine(e.Message);
    }
};
try
{
    ITransformer model = ml.Model.Load(args[0], out _);
    IDataView photos = ml.Data.LoadFromEnumerable(args[2..].Select(path => new Row { Path = path, Caption = "a red car" }));
    IDataView completed = model.Transform(photos);
    DataViewSchema.Column column = completed.Schema[args[1]];
    using DataViewRowCursor cursor = completed.GetRowCursor([column]);
    ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
    while (cursor.MoveNext())
    {
        MLImage image = null!;
        getter(ref image);
        Console.WriteLine($"{image.Width}x{image.Height} {Convert.ToHexString(SHA256.HashData(image.Pixels))}");
    }

    return 0;
}
catch (Exception e)
{
    var text = new StringBuilder();
    for (Exception? cause = e; cause is not null; cause = cause.InnerException)
    {
        text.AppendLine(cause.Message);
    }

    Console.Error.Write(text);
    return 1;
}

internal sealed class Row
{
    public string Path { get; set; } = "";

    public string Caption { get; set; } = "";
}
