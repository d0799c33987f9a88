using Inpaint.Training.Configuration;

namespace Inpaint.Training.Tests.Loop;

public sealed class LearningRateTests
{
    [Fact]
    public void One_cycle_rises_to_one_at_the_end_of_the_warm_up_and_falls_to_a_thousandth()
    {
        var config = new OptimizerConfig { Warmup = 0.1 };
        Assert.InRange(config.RateFactor(0, 1000), 0.04, 0.05);
        Assert.Equal(1, config.RateFactor(100, 1000), 6);
        Assert.Equal((1 + 0.001) / 2, config.RateFactor(550, 1000), 6);
        Assert.Equal(0.001, config.RateFactor(1000, 1000), 6);
        for (int step = 0; step < 99; step++)
        {
            Assert.True(config.RateFactor(step, 1000) < config.RateFactor(step + 1, 1000));
        }
    }

    [Fact]
    public void A_constant_rate_does_not_change() =>
        Assert.Equal(1, new OptimizerConfig { Schedule = Schedule.Constant }.RateFactor(7, 10));
}
