namespace Inpaint.MLTests;
