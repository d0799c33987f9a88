namespace Inpaint.Fuzz;

/// <summary>Reads untrusted datasets.</summary>
internal static class Rows
{
    private const int MaxPictures = 4; // all rows of an archive may decompress the same bytes, and the bound is for a few rows

    /// <summary>
    /// Opens a dataset and reads its rows; <see cref="DatasetException"/> and <see cref="PhotoException"/> are acceptable.
    /// </summary>
    public static void Read(Func<IPhotoDataset> open, bool withPictures, bool idsAreSafe)
    {
        try
        {
            using IPhotoDataset dataset = open();
            long rows = 0;
            foreach (PhotoRecord row in dataset.Read())
            {
                Check(row, idsAreSafe);
                if (withPictures && rows < MaxPictures)
                {
                    ReadPicture(row);
                }

                rows++;
            }

            if (dataset.Count is { } count && count != rows)
            {
                throw new OutOfBoundsException($"The dataset's count is {count}, but it has {rows} rows.");
            }
        }
        catch (DatasetException e)
        {
            Answer.Check(e);
        }
    }

    private static void Check(PhotoRecord row, bool idsAreSafe)
    {
        if (row.Captions.Any(c => c is null))
        {
            throw new OutOfBoundsException($"The row '{row.Id}' has a null caption.");
        }

        if (idsAreSafe && (row.Id.Length == 0 || Path.IsPathRooted(row.Id) || row.Id.Split('/').Any(p => p is "" or "." or "..")))
        {
            throw new OutOfBoundsException($"The id '{row.Id}' escapes its folder.");
        }
    }

    private static void ReadPicture(PhotoRecord row)
    {
        try
        {
            row.ReadBytes();
        }
        catch (PhotoException e)
        {
            Answer.Check(e);
        }
    }
}
