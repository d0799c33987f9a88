using Inpaint.CommandLine;
using Inpaint.Training.Configuration;
using Inpaint.Training.Data;
using Inpaint.Training.Loop;
using Inpaint.Training.Losses;

namespace Inpaint.Training.Tests.Configuration;

/// <summary>Errors of invalid configurations.</summary>
public sealed class ConfigFileTests
{
    [Theory]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": { "width": [8, 8] } } }""",
        "unknown key 'network.unet.width'; did you mean 'widths'?")]
    [InlineData("""{ "name": "a", "description": "b", "network": {} }""", "test.json: network: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {}, "ian": {} } }""", "2 networks")]
    [InlineData("""{ "name": "a b", "description": "b", "network": { "unet": {} } }""", "test.json: name: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "batch_size": 0 }""", "test.json: batch_size: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "optimizer": { "learning_rate": -1 } }""",
        "test.json: optimizer.learning_rate: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "precision": "float64" }""", "precision")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "caption": {} }""", "test.json: caption: found")]
    [InlineData("""{"name": "a", "description": "b", "caption": {}, "network": {"encoder_decoder": {"caption": {"layer": "decoder9"}}}}""",
        "decoder9")]
    [InlineData("""{"name":"a","description":"b","caption":{},"network":{"unet":{"caption":{"layer":"decoders","way":"concat"}}}}""",
        "test.json: network.unet.caption.way: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "adversarial": { "context": 3 } }""",
        "test.json: adversarial.context: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "adversarial": { "feature_weight": 0.1 } }""",
        "test.json: adversarial.feature_weight: found 0.1, expected 0, or features")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "features": { "context": 3 } }""",
        "test.json: features.context: found 3")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "features": { "stages": [1, 4] } }""",
        "test.json: features.stages: found '1, 4', expected different stages from 1 to 3")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "free_unet": {} }, "masks": {}, "features": {} }""",
        "test.json: masks: found 'adversarial, features, or")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": { "resnet": true } } }""",
        "test.json: network.unet.widths: found '48, 96, 160, 192', expected 64, 64, 128, 256 with network.unet.resnet")]
    [InlineData("""{ "name": "a", "description": "b" }""", "network")]
    [InlineData("""{ "name": """, "not JSON")]
    [InlineData("[]", "test.json: found a list; expected a JSON object")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "epochs": "3" }""",
        "test.json: epochs is \"3\"; expected an integer")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "ian": {} }, "picture": { "size": 48, "hole": 24 } }""",
        "test.json: picture.size: found 48, expected a multiple of 32")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "encoder_decoder": {} }, "picture": { "size": 48, "hole": 24 } }""",
        "test.json: picture.size: found 48, expected a multiple of 32")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "encoder_decoder": { "dense": 8 } }, "batch_size": 1 }""",
        "test.json: batch_size: found 1, expected at least 2")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "free_unet": {} } }""", "test.json: masks: found 'nothing'")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "masks": {} }""", "test.json: masks: found 'masks'")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "free_unet": {} }, "masks": { "sizes": [72] } }""",
        "test.json: masks.sizes: found '72', expected multiples of 32")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "free_unet": {} }, "masks": { "kinds": ["circles"] } }""",
        "expected a list, each item one of centre, strokes, boxes, blobs")]
    public void An_invalid_configuration_is_an_error_that_names_the_key(string json, string expected)
    {
        string message = Assert.ThrowsAny<InpaintException>(() => Trainings.Parse(json)).Message;
        Assert.StartsWith("test.json", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_reach_into_groups_and_take_numbers_words_and_lists()
    {
        TrainingConfig config = Trainings.Parse(Trainings.Tiny, "optimizer.learning_rate=0.01", "network.unet.widths=[12,16]",
            "reconstruction.loss=l1", "patience=4");
        Assert.Equal(0.01, config.Optimizer.LearningRate);
        Assert.Equal([12, 16], config.Network.Unet!.Widths);
        Assert.Equal(Distance.L1, config.Reconstruction.Loss);
        Assert.Equal(4, config.Patience);
    }

    [Theory]
    [InlineData("optimizer.learning_rat=0.01", "did you mean 'learning_rate'?")]
    [InlineData("epochs", "expected KEY=VALUE")]
    [InlineData("epochs.more=1", "has no keys")]
    [InlineData("batch_size=1.5", "--set batch_size=1.5: batch_size is 1.5; expected an integer")]
    [InlineData("batch_size=99999999999", "batch_size is 99999999999; expected an integer")]
    [InlineData("batch_size=null", "batch_size is null; expected an integer")]
    [InlineData("precision=fp16", "precision is \"fp16\"; expected one of float32, bfloat16")]
    [InlineData("optimizer.schedule=5", "optimizer.schedule is 5; expected one of one_cycle, constant")]
    [InlineData("optimizer.learning_rate=NaN", "optimizer.learning_rate is \"NaN\"; expected a finite number")]
    [InlineData("optimizer.learning_rate=1e999", "optimizer.learning_rate is 1e999; expected a finite number")]
    [InlineData("network.unet.widths=[8,2.5]", "expected a list of integers")]
    [InlineData("optimizer=null", "optimizer is null; expected a group of keys: learning_rate")]
    [InlineData("augmentation.flip=1", "augmentation.flip is 1; expected true or false")]
    public void An_invalid_setting_is_an_error_that_names_it(string setting, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<InpaintException>(() => Trainings.Parse(Trainings.Tiny, setting)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_picture_of_48_pixels_trains_where_the_rules_allow_it()
    {
        foreach (string network in new[] { """{ "unet": { "widths": [8, 8], "middle": 1 } }""",
            """{ "encoder_decoder": { "width": 4, "depth": 1, "dense": 8 } }""" })
        {
            TrainingConfig config = Trainings.Parse($$"""
                { "name": "a", "description": "b", "network": {{network}},
                  "picture": { "size": 48, "hole": 24 }, "batch_size": 2, "precision": "float32" }
                """);
            PhotoPool photos = PhotoPool.Load(["scenes:2:48:1"], config.Picture, null, null, null, default);
            using var steps = new MeasuredSteps(config, photos, null, Trainings.Cpu);
            Assert.True(double.IsFinite(steps.Step()["loss"]));
        }
    }

    [Fact]
    public void An_unknown_configuration_is_an_error_that_lists_the_known_ones()
    {
        string message = Assert.Throws<FailedException>(() => ConfigFile.Load("unett", [])).Message;
        Assert.Contains("unet", message, StringComparison.Ordinal);
        Assert.Contains("cnn-captions", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_is_written_and_read_without_loss()
    {
        TrainingConfig config = Trainings.Shipped("sharp");
        byte[] text = StrictJson.Write(config);
        Assert.Equal(text, StrictJson.Write(ConfigFile.Parse(text, "again", [])));
    }

    [Fact]
    public void Every_configuration_is_named_like_its_file() =>
        Assert.All(ConfigFile.BuiltIn(), file => Assert.Equal(Path.GetFileNameWithoutExtension(file), ConfigFile.Load(file, []).Name));
}
