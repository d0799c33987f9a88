using Inpaint.Datasets;
using Inpaint.Photos;

namespace Inpaint.Fuzz;

/// <summary>Goes through a dataset that a stranger wrote.</summary>
internal static class Rows
{
    // Rows of one archive may all unpack the same bytes: the bound is on a row, so few of them are read.
    private const int MostPictures = 4;

    /// <summary>Opens a dataset and reads its rows; <see cref="DatasetException"/> and <see cref="PhotoException"/> are answers.</summary>
    public static void Read(Func<IPhotoDataset> open, bool withPictures, bool idsAreSafe)
    {
        try
        {
            using IPhotoDataset dataset = open();
            long rows = 0;
            foreach (PhotoRecord row in dataset.Read())
            {
                Check(row, idsAreSafe);
                if (withPictures && rows < MostPictures)
                {
                    ReadPicture(row);
                }

                rows++;
            }

            if (dataset.Count is { } count && count != rows)
            {
                throw new OutOfBoundsException($"The dataset says {count} rows and gives {rows}.");
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
            throw new OutOfBoundsException($"The row '{row.Id}' has a caption that is null.");
        }

        if (idsAreSafe && (row.Id.Length == 0 || Path.IsPathRooted(row.Id) || row.Id.Split('/').Any(p => p is "" or "." or "..")))
        {
            throw new OutOfBoundsException($"The id '{row.Id}' leads out of a folder.");
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
