namespace Inpaint.Training.Tests.Configuration;

/// <summary>What a broken configuration is told.</summary>
public sealed class ConfigFileTests
{
    [Theory]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": { "width": [8, 8] } } }""", "unknown key 'network.unet.width'; did you mean 'widths'?")]
    [InlineData("""{ "name": "a", "description": "b", "network": {} }""", "test.json: network: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {}, "ian": {} } }""", "2 networks")]
    [InlineData("""{ "name": "a b", "description": "b", "network": { "unet": {} } }""", "test.json: name: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "batch_size": 0 }""", "test.json: batch_size: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "optimizer": { "learning_rate": -1 } }""", "test.json: optimizer.learning_rate: found")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "precision": "float64" }""", "precision")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "caption": {} }""", "test.json: caption: found")]
    [InlineData("""{ "name": "a", "description": "b", "caption": {}, "network": { "encoder_decoder": { "caption": { "layer": "decoder9" } } } }""", "decoder9")]
    [InlineData("""{ "name": "a", "description": "b", "network": { "unet": {} }, "adversarial": { "context": 3 } }""", "test.json: adversarial.context: found")]
    [InlineData("""{ "name": "a", "description": "b" }""", "network")]
    [InlineData("""{ "name": """, "not JSON")]
    public void A_broken_configuration_is_an_error_that_names_the_key(string json, string expected)
    {
        string message = Assert.Throws<FailedException>(() => Trainings.Parse(json)).Message;
        Assert.StartsWith("test.json", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_reach_into_groups_and_take_numbers_words_and_lists()
    {
        TrainingConfig config = Trainings.Parse(Trainings.Tiny, "optimizer.learning_rate=0.01", "network.unet.widths=[12,16]", "reconstruction.loss=l1", "patience=4");
        Assert.Equal(0.01, config.Optimizer.LearningRate);
        Assert.Equal([12, 16], config.Network.Unet!.Widths);
        Assert.Equal(Distance.L1, config.Reconstruction.Loss);
        Assert.Equal(4, config.Patience);
    }

    [Theory]
    [InlineData("optimizer.learning_rat=0.01", "did you mean 'learning_rate'?")]
    [InlineData("epochs", "expected KEY=VALUE")]
    [InlineData("epochs.more=1", "has no keys")]
    public void A_broken_setting_is_an_error_that_names_it(string setting, string expected) =>
        Assert.Contains(expected, Assert.Throws<FailedException>(() => Trainings.Parse(Trainings.Tiny, setting)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_configuration_is_told_the_known_ones()
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
    public void The_name_of_every_configuration_is_its_file_s() =>
        Assert.All(ConfigFile.Shipped(), file => Assert.Equal(Path.GetFileNameWithoutExtension(file), ConfigFile.Load(file, []).Name));
}
