using System.Text;

namespace Inpaint.Tests.Graphs;

public sealed class ManifestJsonTests
{
    private const string Smallest =
        """
        {
          "version": 1,
          "name": "lama",
          "graph": { "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
          "size": { "height": 512, "width": 512 },
          "hole": { "kind": "free" },
          "inputs": [
            { "name": "image", "parts": [ { "role": "image", "channels": "bgr" } ] },
            { "name": "mask", "type": "uint8", "parts": [ { "role": "mask", "known": 255, "hole": 0 } ] }
          ],
          "output": { "name": "output", "content": "pasted", "range": [0, 255] }
        }
        """;

    [Fact]
    public void A_minimal_manifest_is_read_with_the_defaults()
    {
        GraphManifest manifest = Read(Smallest);

        ManifestValidator.Validate(manifest, "model.json");
        Assert.Equal("model.onnx", manifest.Graph.File);
        Assert.Equal(
            (512, 512, 1, 4096, true),
            (manifest.Size.Height, manifest.Size.Width, manifest.Size.MultipleOf, manifest.Size.MaxSide, manifest.Size.IsFixed));
        Assert.Equal(ChannelOrder.Bgr, manifest.Inputs[0].Parts[0].Channels);
        Assert.Equal([0f, 1f], manifest.Inputs[0].Parts[0].Range);
        Assert.Equal(
            (ElementType.Uint8, 255f, 0f), (manifest.Inputs[1].Type, manifest.Inputs[1].Parts[0].Known, manifest.Inputs[1].Parts[0].Hole));
        Assert.Equal(
            (OutputContent.Pasted, TensorLayout.Nchw, ElementType.Float32),
            (manifest.Output.Content, manifest.Output.Layout, manifest.Output.Type));
        Assert.Equal(1, manifest.Hole.Context);
        Assert.Null(manifest.Caption);
    }

    [Fact]
    public void A_manifest_survives_a_round_trip()
    {
        GraphManifest manifest = Manifests.Captioned with
        {
            Description = "Fills the centre – by caption.",
            Inputs = [
                Manifests.Image(new InputPart { Role = PartRole.Image, Mean = [0.1f, 0.2f, 0.3f], Std = [1, 2, 3] }),
                Manifests.Captioned.Inputs[1]],
            Caption = new CaptionContract
            {
                Required = true,
                Encoding = CaptionEncoding.Count,
                Combine = CaptionCombination.Each,
                Rules = new CaptionRules { Numbers = NumberRule.Replace, LowerCase = false },
                Vocabulary = ["été", "<number>", "a\"b"],
            },
            Provenance = new Provenance { Seed = long.MaxValue, Data = ["photos64/train.zip"], Licence = "MIT" },
            Scores = new Dictionary<string, IReadOnlyDictionary<string, double>>
            {
                ["test"] = new Dictionary<string, double> { ["hole_mse"] = 0.03795 },
            },
        };

        GraphManifest again = Read(Encoding.UTF8.GetString(manifest.ToJson()));

        Assert.Equivalent(manifest, again, strict: true);
        Assert.Equal(["été", "<number>", "a\"b"], again.Caption!.Vocabulary);
        Assert.Equal(0.03795, again.Scores!["test"]["hole_mse"]);
    }

    [Theory]
    [InlineData("\"kind\": \"free\"", "\"kynd\": \"free\"", "'hole.kynd'", "'kind'")]
    [InlineData("\"known\": 255", "\"known_value\": 255", "'inputs[1].parts[0].known_value'", "known")]
    [InlineData("\"version\": 1,", "\"version\": 1, \"colour\": 3,", "'colour'", "version")]
    public void An_unknown_key_is_an_error_with_a_suggestion(string text, string typo, string key, string meant)
    {
        var error = Assert.Throws<ManifestException>(() => Read(Smallest.Replace(text, typo, StringComparison.Ordinal)));

        Assert.Contains($"unknown key {key}", error.Message, StringComparison.Ordinal);
        Assert.Contains(meant, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_with_default_values_are_not_written()
    {
        string expected = """
            {
              "version": 1,
              "name": "lama",
              "graph": {
                "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
              },
              "size": {
                "height": 512,
                "width": 512
              },
              "hole": {
                "kind": "free"
              },
              "inputs": [
                {
                  "name": "image",
                  "parts": [
                    {
                      "role": "image",
                      "channels": "bgr"
                    }
                  ]
                },
                {
                  "name": "mask",
                  "type": "uint8",
                  "parts": [
                    {
                      "role": "mask",
                      "known": 255,
                      "hole": 0
                    }
                  ]
                }
              ],
              "output": {
                "name": "output",
                "content": "pasted",
                "range": [
                  0,
                  255
                ]
              }
            }

            """;

        Assert.Equal(expected, Encoding.UTF8.GetString(Read(Smallest).ToJson()));
    }

    [Fact]
    public void Unknown_keys_of_a_newer_version_are_ignored()
    {
        GraphManifest manifest = Read(Smallest
            .Replace(
                "\"version\": 1,", $"\"version\": {GraphManifest.CurrentVersion + 1}, \"purpose\": \"faces\",", StringComparison.Ordinal)
            .Replace("\"kind\": \"free\"", "\"kind\": \"free\", \"planes\": { \"count\": 4 }", StringComparison.Ordinal));

        Assert.Equal((GraphManifest.CurrentVersion + 1, "lama", HoleKind.Free), (manifest.Version, manifest.Name, manifest.Hole.Kind));
    }

    [Fact]
    public void A_newer_version_with_mandatory_keys_is_rejected()
    {
        const int Current = GraphManifest.CurrentVersion;
        string newer = Smallest.Replace(
            "\"version\": 1,", $"\"version\": {Current + 2}, \"min_version\": {Current + 1}, \"planes\": 4,", StringComparison.Ordinal);

        string message = Assert.Throws<ManifestException>(() => Read(newer)).Message;

        Assert.Contains($"min_version: found {Current + 1}, expected at most {Current}", message, StringComparison.Ordinal);
        Assert.Contains("update the library", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"free\"", "\"fre\"", "hole.kind")]
    [InlineData("\"free\"", "1", "hole.kind")]
    [InlineData("\"bgr\"", "\"grb\"", "inputs[0].parts[0].channels")]
    [InlineData("\"pasted\"", "\"paste\"", "output.content")]
    [InlineData("\"width\": 512", "\"width\": 51.2", "size.width")]
    [InlineData("[0, 255]", "[0, \"255\"]", "output.range[1]")]
    public void A_value_of_the_wrong_type_is_an_error_that_names_its_key(string text, string typo, string key)
    {
        var error = Assert.Throws<ManifestException>(() => Read(Smallest.Replace(text, typo, StringComparison.Ordinal)));

        Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"name\": \"lama\",", "", "name")]
    [InlineData("\"content\": \"pasted\",", "", "content")]
    public void A_missing_key_is_an_error_that_names_it(string text, string cut, string key)
    {
        var error = Assert.Throws<ManifestException>(() => Read(Smallest.Replace(text, cut, StringComparison.Ordinal)));

        Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duplicate_key_is_an_error_that_names_it()
    {
        var error = Assert.Throws<ManifestException>(() =>
            Read(Smallest.Replace("\"version\": 1,", "\"version\": 1, \"version\": 1,", StringComparison.Ordinal)));

        Assert.Contains("'version'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData(Smallest + "}")]
    [InlineData(Smallest + Smallest)]
    public void Text_that_is_not_a_manifest_is_an_error_that_names_the_file(string text) =>
        Assert.StartsWith("model.json", Assert.Throws<ManifestException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"name\": \"~\"")] // a value
    [InlineData("\"~\": 1, \"name\": \"lama\"")] // a key
    public void Invalid_utf8_and_lone_surrogates_are_errors(string line)
    {
        foreach (byte[] wrong in (byte[][])[[0xF3], [0xC3], [.. "\\ud800"u8], [.. "\\udc00"u8]])
        {
            byte[] json = Encoding.UTF8.GetBytes(Smallest.Replace("\"name\": \"lama\"", line, StringComparison.Ordinal));
            int at = json.AsSpan().IndexOf((byte)'~');
            var error = Assert.Throws<ManifestException>(() =>
                GraphManifest.Parse([.. json[..at], .. wrong, .. json[(at + 1)..]], "model.json"));
            Assert.StartsWith("model.json", error.Message, StringComparison.Ordinal);
            Assert.Matches("UTF-8|UTF-16|converted", error.Message);
        }
    }

    private static GraphManifest Read(string json) => GraphManifest.Parse(Encoding.UTF8.GetBytes(json), "model.json");
}
