using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML;

/// <summary>
/// Lets a property of type <see cref="MLImage"/> hold images of any size, in classes that rows are read into or from:
/// ML.NET's own attribute takes one fixed size.
/// </summary>
/// <example><code>public sealed class Row { [PhotoColumn] public MLImage? Completed { get; set; } }</code></example>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class PhotoColumnAttribute : DataViewTypeAttribute
{
    // ML.NET looks a column up in the data when it meets an attribute that is not registered, also where columns may be missing,
    // and fails on one that is: whoever has an instance of this attribute finds it registered.
    static PhotoColumnAttribute() => new PhotoColumnAttribute().Register();

    /// <inheritdoc />
    public override bool Equals(DataViewTypeAttribute? other) => other is PhotoColumnAttribute;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is PhotoColumnAttribute;

    /// <inheritdoc />
    public override int GetHashCode() => nameof(PhotoColumnAttribute).GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);
}
